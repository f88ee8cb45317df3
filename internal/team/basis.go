package team

// Basis is the source that says who is in which team.
type Basis string

// The bases.
const (
	ByReport Basis = "user_teams"     // GitHub's report of the day
	BySeats  Basis = "assigning_team" // the person's seat, if there is no report
	Mixed    Basis = "mixed"          // some days have one source and some the other
)
