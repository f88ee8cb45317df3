package metrics

import "cloudmonitor.ai/copilot-connector/internal/connector"

// UserUsage is what one person did over a range of days, as the Admin API shows it. A nil field is not known.
type UserUsage struct {
	UserID         int64          `json:"userId"`
	Login          string         `json:"login"` // the latest that is known
	ActiveDays     int            `json:"activeDays"`
	LastActiveDay  connector.Date `json:"lastActiveDay"`
	Suggested      *int64         `json:"suggested"`
	Accepted       *int64         `json:"accepted"`
	AcceptanceRate *float64       `json:"acceptanceRate"` // accepted ÷ suggested, four decimals; nil when nothing was suggested
	Interactions   *int64         `json:"interactions"`
	LinesAccepted  *int64         `json:"linesAccepted"`
	CreditsUsed    *Credits       `json:"creditsUsed"`
}

// Add adds a day of the person. Days come oldest first, each once.
func (u *UserUsage) Add(day connector.Date, more *UserDay) {
	u.UserID = more.UserID
	if more.Login != "" {
		u.Login = more.Login
	}
	u.ActiveDays++
	u.LastActiveDay = day
	u.Suggested = addCount(u.Suggested, more.Suggested.Ptr())
	u.Accepted = addCount(u.Accepted, more.Accepted.Ptr())
	u.AcceptanceRate = rate(u.Accepted, u.Suggested)
	u.Interactions = addCount(u.Interactions, more.Interactions.Ptr())
	u.LinesAccepted = addCount(u.LinesAccepted, more.LinesAccepted.Ptr())
	if more.Credits != Untold {
		if u.CreditsUsed == nil {
			u.CreditsUsed = new(Credits)
		}
		*u.CreditsUsed += more.Credits
	}
}
