package verify

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// peopleKnown reports whether the per-user report was read and can be true: an empty one cannot be true on a day
// on which somebody was active.
func (d *dayEvidence) peopleKnown() bool {
	return d.people != nil &&
		(d.people.Active() > 0 || d.usage == nil || d.usage.ActiveUsers == nil || *d.usage.ActiveUsers == 0)
}

// quiet reports whether GitHub has no per-user report because nobody was active.
func (d *dayEvidence) quiet() bool {
	return noReport(d.peopleErr) && d.usage != nil && d.usage.ActiveUsers != nil && *d.usage.ActiveUsers == 0
}

// people returns the number of distinct people over all days that have numbers, or nil if one of these days lacks its people.
func (e *evidence) people() *metrics.People {
	all := &metrics.People{}
	for i := range e.days {
		switch d := &e.days[i]; {
		case d.usage == nil, d.quiet():
		case d.peopleKnown() && all.Active() <= metrics.MaxPeople:
			all.Merge(d.people)
		default:
			return nil
		}
	}
	return all
}

// lastUsage returns the last day on which a per-user report names the person.
func (e *evidence) lastUsage(userID int64) (calendar.Date, bool) {
	for _, d := range slices.Backward(e.days) {
		if d.people != nil {
			if day, ok := d.people.LastActive(userID); ok {
				return day, true
			}
		}
	}
	return 0, false
}

// notListed returns how many seats GitHub announces but does not list.
func (e *evidence) notListed() int { return seat.NotListed(e.grants, e.seated) }
