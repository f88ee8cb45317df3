package ledger

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Head is what leads from a day to its people. Who reads the people of a year needs nothing else of its days.
type Head struct {
	Date        calendar.Date    `json:"-"`
	ActiveUsers *int64           `json:"activeUsers"`       // nil: GitHub tells none
	CreditsUsed *metrics.Credits `json:"creditsUsed"`       // nil: they are not known
	Users       *Users           `json:"users"`             // nil: there is no per-user report (yet)
	Removed     *Users           `json:"removed,omitempty"` // the report whose people are not kept any more; Users is nil then
	Teams       *Teams           `json:"teams,omitempty"`   // nil: there is no user-teams report (yet)
}

// Head returns that of the day.
func (d *Day) Head() Head {
	return Head{Date: d.Date, ActiveUsers: d.ActiveUsers, CreditsUsed: d.CreditsUsed, Users: d.Users, Removed: d.Removed, Teams: d.Teams}
}

// HeadsOf returns those of days.
func HeadsOf(days []Day) []Head {
	heads := make([]Head, len(days))
	for i := range days {
		heads[i] = days[i].Head()
	}
	return heads
}

// PeopleRead says that the per-user report lacks people; nil: nobody is known to be missing.
func (h *Head) PeopleRead() *metrics.PeopleRead {
	return metrics.PeopleReadOf(h.ActiveUsers, h.Users.read())
}
