package ledger

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Head is the part of a day that names its people. To read the people of a year, a reader needs only the heads.
type Head struct {
	Date        calendar.Date    `json:"-"`
	ActiveUsers *int64           `json:"activeUsers"`       // nil: not reported
	CreditsUsed *metrics.Credits `json:"creditsUsed"`       // nil: unknown
	Users       *Users           `json:"users"`             // nil: no per-user report so far
	Removed     *Users           `json:"removed,omitempty"` // the report whose people are not kept any more; Users is nil then
	Teams       *Teams           `json:"teams,omitempty"`   // nil: no user-teams report so far
}

// Head returns the day's head.
func (d *Day) Head() Head {
	return Head{Date: d.Date, ActiveUsers: d.ActiveUsers, CreditsUsed: d.CreditsUsed, Users: d.Users, Removed: d.Removed, Teams: d.Teams}
}

// HeadsOf returns the heads of days.
func HeadsOf(days []Day) []Head {
	heads := make([]Head, len(days))
	for i := range days {
		heads[i] = days[i].Head()
	}
	return heads
}

// PeopleRead says that people are missing from the per-user report. It returns nil if nobody is known to be missing.
func (h *Head) PeopleRead() *metrics.PeopleRead {
	return metrics.PeopleReadOf(h.ActiveUsers, h.Users.read())
}
