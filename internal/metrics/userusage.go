package metrics

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/count"
)

// UserUsage is what one person did over a range of days, as the Admin API shows it. A nil field is not known.
type UserUsage struct {
	UserID         int64         `json:"userId"`
	Login          string        `json:"login"` // the latest that is known
	ActiveDays     int           `json:"activeDays"`
	LastActiveDay  calendar.Date `json:"lastActiveDay"`
	DaysTold       int           `json:"-"` // of which GitHub tells any of the counts
	Suggested      *int64        `json:"suggested"`
	Accepted       *int64        `json:"accepted"`
	AcceptanceRate *float64      `json:"acceptanceRate"` // accepted ÷ suggested, four decimals; nil when nothing was suggested
	Interactions   *int64        `json:"interactions"`
	LinesAccepted  *int64        `json:"linesAccepted"`
	CreditsUsed    *Credits      `json:"creditsUsed"`
}

// Add adds a day of the person. Days come oldest first, each once.
func (u *UserUsage) Add(day calendar.Date, more *UserDay) {
	u.UserID = more.UserID
	if more.Login != "" {
		u.Login = more.Login
	}
	u.ActiveDays++
	u.LastActiveDay = day
	u.addCounts(more)
	if more.Credits != Untold {
		if u.CreditsUsed == nil {
			u.CreditsUsed = new(Credits)
		}
		*u.CreditsUsed += more.Credits
	}
}

// addCounts adds those of a day. One that tells none, as of people without telemetry, adds nothing; one that a day tells and
// another leaves out is not known.
func (u *UserUsage) addCounts(more *UserDay) {
	suggested, accepted, lines, interactions := more.Suggested.Ptr(), more.Accepted.Ptr(), more.LinesAccepted.Ptr(), more.Interactions.Ptr()
	if suggested == nil && accepted == nil && lines == nil && interactions == nil {
		return
	}
	if u.DaysTold++; u.DaysTold > 1 {
		suggested, accepted = count.Add(u.Suggested, suggested), count.Add(u.Accepted, accepted)
		lines, interactions = count.Add(u.LinesAccepted, lines), count.Add(u.Interactions, interactions)
	}
	u.Suggested, u.Accepted, u.LinesAccepted, u.Interactions = suggested, accepted, lines, interactions
	u.AcceptanceRate = rate(accepted, suggested)
}
