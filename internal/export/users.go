package export

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// User is what a person did over a range.
type User struct {
	UserID         *int64           `json:"userId"` // nil where people are not shown by name
	Login          string           `json:"login"`
	ActiveDays     int              `json:"activeDays"`
	LastActiveDay  calendar.Date    `json:"lastActiveDay"`
	Suggested      *int64           `json:"suggested"`
	Accepted       *int64           `json:"accepted"`
	AcceptanceRate *float64         `json:"acceptanceRate"`
	Interactions   *int64           `json:"interactions"`
	LinesAccepted  *int64           `json:"linesAccepted"`
	CreditsUsed    *metrics.Credits `json:"creditsUsed"`
	ShortDays      int              `json:"shortDays"` // of the range, on which people were not read: any row may lack numbers
}

// UsersOf are the rows of people of a range.
func UsersOf(users []metrics.UserUsage, short *metrics.PeopleShort) []User {
	rows := make([]User, len(users))
	for i, u := range users {
		rows[i] = User{
			Login: u.Login, ActiveDays: u.ActiveDays, LastActiveDay: u.LastActiveDay,
			Suggested: u.Suggested, Accepted: u.Accepted, AcceptanceRate: u.AcceptanceRate,
			Interactions: u.Interactions, LinesAccepted: u.LinesAccepted, CreditsUsed: u.CreditsUsed,
		}
		if u.UserID != 0 {
			rows[i].UserID = &u.UserID
		}
		if short != nil {
			rows[i].ShortDays = short.Days
		}
	}
	return rows
}
