package ledger

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamDay is what the people of each team did on a day, and by which membership. It follows from the day's reports, or, where
// there is no user-teams report, from the list of seats that was nearest to the day when this was made.
type TeamDay struct {
	Date       calendar.Date
	Users      string // the per-user report, by its hash; empty: none
	Membership string // who is in which team, by its hash
	Basis      team.Basis
	Sums       *team.Sums
}

// Of reports whether it is of the reports that a day names now.
func (t *TeamDay) Of(day *Day) bool {
	if day.Teams != nil {
		return t.Users == day.usersHash() && t.Basis == team.ByReport && t.Membership == day.Teams.Hash
	}
	return t.Users == day.usersHash() && t.Basis == team.BySeats
}

func (d *Day) usersHash() string {
	if d.Users == nil {
		return ""
	}
	return d.Users.Hash
}
