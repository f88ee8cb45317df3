package ledger

import (
	"cmp"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamDay is what the people of each team did on a day, and the membership by which they are divided. It is derived from the day's
// reports. If there is no user-teams report, it is derived from the list of seats that was nearest to the day when it was made.
type TeamDay struct {
	Date       calendar.Date `json:"date"`
	Users      string        `json:"users"`      // the hash of the per-user report; empty: none
	Membership string        `json:"membership"` // the hash of who is in which team
	Basis      team.Basis    `json:"basis"`

	// Seats is the day of the list of seats from which the teams come, if there is no user-teams report. It is nil if there was no
	// list.
	Seats *calendar.Date `json:"seats,omitempty"`

	Sums *team.Sums `json:"-"`
}

// Of reports whether it is derived from the current reports of a day.
func (t *TeamDay) Of(day Head) bool {
	if day.Teams != nil {
		return t.Users == day.UsersHash() && t.Basis == team.ByReport && t.Membership == day.Teams.Hash
	}
	return t.Users == day.UsersHash() && t.Basis == team.BySeats
}

// UsersHash returns the hash of the per-user report, or "" if there is none.
func (h *Head) UsersHash() string {
	if users := cmp.Or(h.Users, h.Removed); users != nil {
		return users.Hash
	}
	return ""
}

// TeamMonth is what the people of each team did on days of a month together.
type TeamMonth struct {
	Days []TeamDay // the days, oldest first, without their sums
	Sums *team.Sums
}

// Of reports whether it has exactly some days, and is derived from their current reports.
func (t *TeamMonth) Of(days []Head) bool {
	return slices.EqualFunc(t.Days, days, func(had TeamDay, day Head) bool { return had.Date == day.Date && had.Of(day) })
}

// TeamRange is what the people of each team did in a range, and who was in which team.
type TeamRange struct {
	Heads  []Head                       // the heads of the stored days, oldest first
	Sums   map[calendar.Date]*TeamDay   // one for each of these days
	Totals map[calendar.Date]*team.Sums // by the first day of a month: of all its days in the range, whose own sums are nil then
	Months []*team.Month                // the months of the range, oldest first; their days outside of the range may be outdated
}

// Basis returns the source of the teams of a day: the report, or the seats if there is no report or the day is not stored.
func (t *TeamRange) Basis(date calendar.Date) team.Basis {
	if day := t.Sums[date]; day != nil {
		return day.Basis
	}
	return team.BySeats
}

// Total returns the sums of the days of a range within it. If the total of a month is known, the range must have all days of it or none.
func (t *TeamRange) Total(days calendar.Range) *team.Sums {
	total := &team.Sums{Teams: map[string]*team.Sum{}}
	for date := days.From; date <= days.To; date++ {
		if sums := t.Totals[date.FirstOfMonth()]; sums != nil {
			total.Add(sums)
			date = date.EndOfMonth()
		} else if day := t.Sums[date]; day != nil {
			total.Add(day.Sums)
		}
	}
	return total
}
