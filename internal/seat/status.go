package seat

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Status says whether a seat is used.
type Status string

// The statuses of a seat. What they mean is in the table of statuses.
const (
	PendingCancellation Status = "pending_cancellation"
	Active              Status = "active"
	New                 Status = "new"
	Idle                Status = "idle"
	NeverUsed           Status = "never_used"
	Unknown             Status = "unknown"
)

// DefaultIdleAfterDays is after how many days without activity a seat counts as idle, unless somebody chose.
const DefaultIdleAfterDays = 30

// remembered is how many days GitHub remembers a seat's last activity: no activity on an older seat is no proof of none.
const remembered = 90

const day = 24 * time.Hour

// statuses is the status of a seat: that of the first row that holds.
var statuses = []struct {
	status Status
	holds  func(*facts) bool
}{
	{PendingCancellation, func(f *facts) bool { return f.leaving }},
	{Active, func(f *facts) bool { return f.seen && f.silent <= f.idleAfter }},
	{New, func(f *facts) bool { return f.dated && f.age < f.idleAfter }}, // what its person did before is no use of it
	{Idle, func(f *facts) bool { return f.seen }},
	{NeverUsed, func(f *facts) bool { return f.dated && f.age < remembered*day }},
	{Idle, func(f *facts) bool { return f.dated && f.known }}, // it may have been used, but longer ago than is known
	{Unknown, func(*facts) bool { return true }},
}

// facts is what the status of a seat follows from.
type facts struct {
	leaving   bool          // it is given up
	seen      bool          // some activity is known
	silent    time.Duration // since the last, at least
	dated     bool          // it is known when the seat was assigned
	age       time.Duration // since then
	idleAfter time.Duration
	known     bool // activity within idleAfter would be known
	used      bool // the usage reports tell of some activity
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

// idleDays returns for how many whole days the seat has not been used, at least; nil: that is not known, or it is in use.
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

// Source says which of the two sources an activity is from.
type Source string

// The sources.
const (
	FromSeat  Source = "seat"  // GitHub's list of seats
	FromUsage Source = "usage" // the per-user usage reports
)

// What evidence points to.
var fromSeat, fromUsage = FromSeat, FromUsage

// Evidence is the status of a seat, and what it follows from. A nil field is not known.
type Evidence struct {
	LastActiveDay *calendar.Date `json:"lastActiveDay"` // the later of both sources
	ActivityFrom  *Source        `json:"activityFrom"`  // where they tell the same day: the seat
	IdleDays      *int           `json:"idleDays"`      // whole days without use, at least; nil while active or new
	Status        Status         `json:"status"`
}

// factsOf returns what the status of a seat follows from.
func (v View) factsOf(s *Seat) *facts {
	f := &facts{
		leaving:   s.PendingCancellation != nil,
		idleAfter: time.Duration(v.IdleAfterDays) * day,
		known:     v.IdleAfterDays <= remembered || v.Usage.Whole,
	}
	if s.CreatedAt != nil {
		f.dated, f.age = true, v.At.Sub(*s.CreatedAt)
	}
	if s.LastActivityAt != nil {
		f.seen, f.silent = true, v.At.Sub(*s.LastActivityAt)
	}
	if f.lastUsage, f.used = v.lastUsage(s); f.used {
		// Whoever was seen on a day was active at its end at the latest.
		if silent := v.At.Sub(f.lastUsage.Close()); !f.seen || silent < f.silent {
			f.seen, f.silent = true, silent
		}
	}
	return f
}

// Judge finds the status of a seat.
func (v View) Judge(s *Seat) Evidence {
	f := v.factsOf(s)
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
