package collect

import (
	"context"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// atOnce is how many days are read side by side.
const atOnce = 4

// readDays reads the days of the agenda in their order, until something ends the run.
func (r *reader) readDays(ctx context.Context) {
	dates := make(chan calendar.Date, len(r.found.Agenda.Days))
	for _, date := range r.found.Agenda.Days {
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
	for date, d := range r.found.Days {
		if fault.Is(d.Err, fault.OtherAccount) {
			r.halt(d.Err)
			delete(r.found.Days, date)
		}
	}
}

// note keeps the result of a day, and ends the run if the other days would fail in the same way.
func (r *reader) note(date calendar.Date, d poll.Day) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found.Days[date] = d
	r.found.Stop = r.found.StopAfter(date)
}
