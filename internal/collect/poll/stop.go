package poll

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// FailedInARow is how many neighbouring days or bills with transient failures make a run give up.
const FailedInARow = 3

// StopAfter returns why a run must not read further days once it has read a day, or nil. It ends if the other days would fail in the same
// way. If only per-user reports are refused, the aggregates are still read. The last attempt reads what it can, so that single days do not
// stop the others for ever.
func (r Reading) StopAfter(date calendar.Date) error {
	d := r.Days[date]
	switch people := fault.CodeOf(d.peopleErr()); {
	case r.Stop != nil:
		return r.Stop
	case fault.CodeOf(d.Err).EndsAll():
		return d.Err
	case people.EndsAll() && !people.Denied():
		return d.peopleErr()
	case LastAttempt(r.Task):
		return nil
	}
	return r.failingInARow()
}

// failingInARow returns the last error if FailedInARow neighbouring days had transient failures. Days end in any order.
func (r Reading) failingInARow() error {
	row := 0
	for _, date := range r.Agenda.Days {
		d, looked := r.Days[date]
		if row++; !looked || !d.transient() {
			row = 0
		}
		if row == FailedInARow {
			return d.anyErr()
		}
	}
	return nil
}
