package seat

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// View is how seats are looked at: at which instant, and with what is known of the use beside them.
type View struct {
	At            time.Time
	IdleAfterDays int
	Usage         Usage
}

// Usage is what the per-user usage reports tell of the use of seats. The zero value tells nothing.
type Usage struct {
	Read bool // some report was read of the days that make a seat idle, or can be
	// Whole: all reports of those days were read, but for the newest, which GitHub still has to give.
	Whole    bool
	LastUsed func(userID int64) (calendar.Date, bool) // a person's last day; nil: nobody's is known
}

// Basis says what the statuses are judged by.
type Basis string

// The bases.
const (
	SeatsOnly     Basis = "seats_only"
	SeatsAndUsage Basis = "seats_and_usage"
)

func (v View) basis() Basis {
	if v.Usage.Read {
		return SeatsAndUsage
	}
	return SeatsOnly
}

func (v View) lastUsage(s *Seat) (calendar.Date, bool) {
	if s.UserID == nil || v.Usage.LastUsed == nil {
		return 0, false
	}
	return v.Usage.LastUsed(*s.UserID)
}

// UseBefore reports whether use before that of which the view knows could still make any of the seats idle.
func (v View) UseBefore(seats []Seat) bool {
	for i := range seats {
		if seats[i].UserID != nil && v.factsOf(&seats[i]).status() == Unknown {
			return true
		}
	}
	return false
}
