package team

// Basis is what tells who is in which team.
type Basis string

// The bases.
const (
	ByReport Basis = "user_teams"     // GitHub's report of the day
	BySeats  Basis = "assigning_team" // what a person's seat says, where there is no report
	Mixed    Basis = "mixed"          // some days by the one and some by the other
)
