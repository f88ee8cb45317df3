package ledger

import (
	"cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamDay is what the people of each team did on a day, and by which membership. It follows from the day's reports, or, where
// there is no user-teams report, from the list of seats that was nearest to the day when this was made.
type TeamDay struct {
	Date       calendar.Date `json:"date"`
	Users      string        `json:"users"`      // the per-user report, by its hash; empty: none
	Membership string        `json:"membership"` // who is in which team, by its hash
	Basis      team.Basis    `json:"basis"`

	// Seats is the day of the list of seats that tells of the teams, where no report does; nil: there was none.
	Seats *calendar.Date `json:"seats,omitempty"`

	Sums *team.Sums `json:"-"`
}

// Of reports whether it is of the reports that a day names now.
func (t *TeamDay) Of(day Head) bool {
	if day.Teams != nil {
		return t.Users == day.UsersHash() && t.Basis == team.ByReport && t.Membership == day.Teams.Hash
	}
	return t.Users == day.UsersHash() && t.Basis == team.BySeats
}

// UsersHash names the per-user report, empty where there is none.
func (h *Head) UsersHash() string {
	if users := cmp.Or(h.Users, h.Removed); users != nil {
		return users.Hash
	}
	return ""
}

// TeamRange is what the people of each team did in a range of days, and who was in which team.
type TeamRange struct {
	Heads  []Head                     // of the days that are stored, oldest first
	Sums   map[calendar.Date]*TeamDay // of each of these
	Months []*team.Month              // of the range, oldest first; of days outside of it they may tell what stands no longer
}

// Basis returns what tells the teams of a day: where no report does, and on days that are not stored, seats do.
func (t *TeamRange) Basis(date calendar.Date) team.Basis {
	if day := t.Sums[date]; day != nil {
		return day.Basis
	}
	return team.BySeats
}

// Total returns what was done on the days of a range within.
func (t *TeamRange) Total(days calendar.Range) *team.Sums {
	total := &team.Sums{Teams: map[string]*team.Sum{}}
	for date := days.From; date <= days.To; date++ {
		if day := t.Sums[date]; day != nil {
			total.Add(day.Sums)
		}
	}
	return total
}
