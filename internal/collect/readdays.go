package collect

import (
	"context"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

const (
	// atOnce is how many days are read side by side.
	atOnce = 4

	// lostInARow is the number of neighbouring days on the agenda after whose transient failures the run gives up.
	lostInARow = 3
)

// readDays reads the days of the agenda in their order, until something ends the run.
func (r *reader) readDays(ctx context.Context) {
	dates := make(chan calendar.Date, len(r.found.agenda.days))
	for _, date := range r.found.agenda.days {
		dates <- date
	}
	close(dates)
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(r.guarded(func() {
			for date := range dates {
				if r.halted() {
					return
				}
				r.note(date, r.readDay(ctx, date))
				r.lookForHidden(ctx)
			}
		}))
	}
	wg.Wait()
	r.disown()
}

// disown forgets the days whose reports belong to another account, and ends the run, unless other reports belong to the account. It is
// called after all days were read, because days end in any order.
func (r *reader) disown() {
	if r.owner.reports() {
		return
	}
	for date, d := range r.found.days {
		if fault.Is(d.err, fault.OtherAccount) {
			r.halt(d.err)
			delete(r.found.days, date)
		}
	}
}

// note keeps the result of a day. It ends the run if the other days would fail in the same way. If only per-user reports are refused, the
// aggregates are still read.
func (r *reader) note(date calendar.Date, d dayReading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found.days[date] = d
	switch {
	case r.found.stop != nil:
	case fault.CodeOf(d.err).EndsAll():
		r.found.stop = d.err
	case fault.CodeOf(d.peopleErr()).EndsAll() && !fault.CodeOf(d.peopleErr()).Denied():
		r.found.stop = d.peopleErr()
	case !lastAttempt(r.found.task): // the last attempt reads what it can, so that single days do not stop the others for ever
		r.found.stop = r.lost()
	}
}

// lost returns the last error if lostInARow neighbouring days on the agenda all had transient failures. Days end in any order.
func (r *reader) lost() error {
	row := 0
	for _, date := range r.found.agenda.days {
		d, looked := r.found.days[date]
		if row++; !looked || !d.transient() {
			row = 0
		}
		if row == lostInARow {
			return d.anyErr()
		}
	}
	return nil
}
