package seat

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// View is the instant at which seats are judged, and what is known about their use from other sources.
type View struct {
	At            time.Time
	IdleAfterDays int
	Reported      Reported
}

// Reported is what the per-user usage reports say about the use of seats. The zero value says nothing.
type Reported struct {
	Read bool // at least one report of the days that decide whether a seat is idle was read, or can be read
	// Whole is true if all reports of those days were read, except the newest ones, which GitHub does not have yet.
	Whole    bool
	LastUsed func(userID int64) (calendar.Date, bool) // a person's last active day; a nil function: no days are known
}

// Basis names the sources by which statuses are judged.
type Basis string

// The bases.
const (
	SeatsOnly     Basis = "seats_only"
	SeatsAndUsage Basis = "seats_and_usage"
)

func (v View) basis() Basis {
	if v.Reported.Read {
		return SeatsAndUsage
	}
	return SeatsOnly
}

func (v View) lastUsage(s *Seat) (calendar.Date, bool) {
	if s.UserID == nil || v.Reported.LastUsed == nil {
		return 0, false
	}
	return v.Reported.LastUsed(*s.UserID)
}
