package metrics

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// UserUsage holds the numbers of one person over a range of days, as the Admin API shows them. A nil field is unknown.
type UserUsage struct {
	UserID         int64         `json:"userId,omitzero"` // 0 if people are not shown by name
	Login          string        `json:"login"`           // the latest known login
	ActiveDays     int           `json:"activeDays"`
	LastActiveDay  calendar.Date `json:"lastActiveDay"`
	Suggested      *int64        `json:"suggested"`
	Accepted       *int64        `json:"accepted"`
	AcceptanceRate *float64      `json:"acceptanceRate"` // accepted ÷ suggested, four decimals; nil if nothing was suggested
	Interactions   *int64        `json:"interactions"`
	LinesAccepted  *int64        `json:"linesAccepted"`
	CreditsUsed    *Credits      `json:"creditsUsed"`
	CreditsShare   *float64      `json:"creditsShare"` // the share in the credits of everybody in the range, four decimals
	SeatStatus     *string       `json:"seatStatus"`   // on the morning after the range; nil: no seat is known
	Teams          []string      `json:"teams"`        // on the last day of the range
	Features       []feature.Use `json:"features"`     // all features that GitHub lists, most used first; nil: not reported
}

// UserSum adds up the days of one person. The zero value is empty.
type UserSum struct {
	sum        UserDay // its login is the latest known one
	days, told int     // all days, and those with at least one count
	last       calendar.Date
}

// Add adds a day of the person. Days must come oldest first, each once.
func (s *UserSum) Add(day calendar.Date, u *UserDay) {
	if u.Login != "" {
		s.sum.Login = u.Login
	}
	s.addNumbers(day, u, 1, toldOn(u))
}

// toldOn returns 1 if a day has at least one count, else 0.
func toldOn(u *UserDay) int {
	if u.Suggested == Untold && u.Accepted == Untold && u.LinesAccepted == Untold && u.Interactions == Untold {
		return 0
	}
	return 1
}

// addNumbers adds days: last is the last of the days; told is how many of them have a count.
func (s *UserSum) addNumbers(last calendar.Date, u *UserDay, days, told int) {
	if s.days == 0 {
		s.sum = UserDay{
			UserID: u.UserID, Login: s.sum.Login,
			Suggested: Untold, Accepted: Untold, LinesAccepted: Untold, Interactions: Untold, Credits: Untold,
		}
	}
	s.days += days
	s.last = last
	s.sum.Credits = s.sum.Credits.plus(u.Credits)
	s.sum.Features.AddAll(&u.Features)
	s.addCounts(u, told)
}

// addCounts adds the counts of days. A day without any counts, as for people without telemetry, adds nothing. A count that one day has
// and another day lacks is unknown.
func (s *UserSum) addCounts(u *UserDay, told int) {
	if told == 0 {
		return
	}
	sum := &s.sum
	if s.told == 0 {
		sum.Suggested, sum.Accepted, sum.LinesAccepted, sum.Interactions = 0, 0, 0, 0
	}
	s.told += told
	sum.Suggested, sum.Accepted = sum.Suggested.Plus(u.Suggested), sum.Accepted.Plus(u.Accepted)
	sum.LinesAccepted, sum.Interactions = sum.LinesAccepted.Plus(u.LinesAccepted), sum.Interactions.Plus(u.Interactions)
}

// Usage returns the sum as the API shows it.
func (s *UserSum) Usage() UserUsage {
	suggested, accepted := s.sum.Suggested.Ptr(), s.sum.Accepted.Ptr()
	return UserUsage{
		UserID: s.sum.UserID, Login: s.sum.Login, ActiveDays: s.days, LastActiveDay: s.last,
		Suggested: suggested, Accepted: accepted, AcceptanceRate: rate(accepted, suggested),
		Interactions: s.sum.Interactions.Ptr(), LinesAccepted: s.sum.LinesAccepted.Ptr(), CreditsUsed: s.sum.Credits.Ptr(),
		Features: s.sum.Features.List(),
	}
}
