package seat

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Status is whether a seat is used.
type Status string

// The statuses of a seat. The table statuses defines them.
const (
	PendingCancellation Status = "pending_cancellation"
	Active              Status = "active"
	New                 Status = "new"
	Idle                Status = "idle"
	NeverUsed           Status = "never_used"
	Unknown             Status = "unknown"
)

// DefaultIdleAfterDays is the number of days without activity after which a seat is idle, if nobody has chosen another number.
const DefaultIdleAfterDays = 30

// remembered is how many days GitHub keeps a seat's last activity. If an older seat shows no activity, that does not prove that
// there was none.
const remembered = 90

const day = 24 * time.Hour

// statuses decides the status of a seat: the first row whose condition holds.
var statuses = []struct {
	status Status
	holds  func(*facts) bool
}{
	{PendingCancellation, func(f *facts) bool { return f.leaving }},
	{Active, func(f *facts) bool { return f.seen && f.silent <= f.idleAfter }},
	{New, func(f *facts) bool { return f.dated && f.age < f.idleAfter }}, // activity before the seat was assigned does not count
	{Idle, func(f *facts) bool { return f.seen }},
	{NeverUsed, func(f *facts) bool { return f.dated && f.age < remembered*day }},
	{Idle, func(f *facts) bool { return f.dated && f.known }}, // it may have been used before the time that we know
	{Unknown, func(*facts) bool { return true }},
}

// facts are the facts that decide the status of a seat.
type facts struct {
	leaving   bool          // the seat is cancelled
	seen      bool          // some activity is known
	silent    time.Duration // the least time since the last activity
	dated     bool          // it is known when the seat was assigned
	age       time.Duration // the time since it was assigned
	idleAfter time.Duration
	known     bool // activity within idleAfter would be known
	used      bool // the usage reports show some activity
	lastUsage calendar.Date
}

func (f *facts) status() Status {
	for _, row := range statuses {
		if row.holds(f) {
			return row.status
		}
	}
	return Unknown
}

// idleDays returns the least number of whole days without use, or nil if that is unknown or the seat is in use.
func (f *facts) idleDays(status Status) *int {
	var idle time.Duration
	switch {
	case status == Active, status == New, status == Unknown:
		return nil
	case f.seen:
		idle = max(0, f.silent)
	case f.dated && f.age < remembered*day:
		idle = max(0, f.age)
	case f.dated && f.known:
		idle = max(f.idleAfter, remembered*day)
	default:
		return nil
	}
	return new(int(idle / day))
}

// Source is where an activity was read.
type Source string

// The sources.
const (
	FromSeat  Source = "seat"  // GitHub's list of seats
	FromUsage Source = "usage" // the per-user usage reports
)

// The values to which Evidence.ActivityFrom points.
var fromSeat, fromUsage = FromSeat, FromUsage

// Evidence is the status of a seat and the facts behind it. A nil field is unknown.
type Evidence struct {
	LastActiveDay *calendar.Date `json:"lastActiveDay"` // the later day of both sources
	ActivityFrom  *Source        `json:"activityFrom"`  // FromSeat if both sources have the same day
	IdleDays      *int           `json:"idleDays"`      // the least number of whole days without use; nil while active or new
	Status        Status         `json:"status"`
}

// take sets f to the facts that decide the status of a seat.
func (f *facts) take(v View, s *Seat) {
	*f = facts{
		leaving:   s.PendingCancellation != nil,
		idleAfter: time.Duration(v.IdleAfterDays) * day,
		known:     v.IdleAfterDays <= remembered || v.Reported.Whole,
	}
	if s.CreatedAt != nil && !s.Forgotten { // the use of a forgotten person is unknown, however old the seat is
		f.dated, f.age = true, v.At.Sub(*s.CreatedAt)
	}
	if s.LastActivityAt != nil {
		f.seen, f.silent = true, v.At.Sub(*s.LastActivityAt)
	}
	if f.lastUsage, f.used = v.lastUsage(s); f.used {
		// A person who was active on a day was active at the end of the day at the latest.
		if silent := v.At.Sub(f.lastUsage.Close()); !f.seen || silent < f.silent {
			f.seen, f.silent = true, silent
		}
	}
}

// Judge returns the status of a seat with the facts behind it.
func (v View) Judge(s *Seat) Evidence {
	var f facts
	f.take(v, s)
	var e Evidence
	if s.LastActivityAt != nil {
		e.LastActiveDay, e.ActivityFrom = new(calendar.DateOf(*s.LastActivityAt)), &fromSeat
	}
	if f.used && (e.LastActiveDay == nil || f.lastUsage > *e.LastActiveDay) {
		e.LastActiveDay, e.ActivityFrom = new(f.lastUsage), &fromUsage
	}
	e.Status = f.status()
	e.IdleDays = f.idleDays(e.Status)
	return e
}
