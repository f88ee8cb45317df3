package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// keptPartial returns a day's report that an earlier run has read in part, or the zero value if there is none.
func (r *reader) keptPartial(ctx context.Context, date calendar.Date) (resume.Partial, error) {
	kept, err := r.Store.Partial(ctx, r.found.Conn.Ref, date)
	if err != nil || kept == nil {
		return resume.Partial{}, err
	}
	r.resumed[date] = true
	return *kept, nil
}

// readOn continues a report. If GitHub has restated the report, or identifies it differently each time, the earlier part is void. Then it
// reads from the beginning, which does not count as progress.
func (r *reader) readOn(ctx context.Context, report reports.Report, date calendar.Date, kept resume.Partial) (*metrics.Roster, error) {
	roster, err := r.readFrom(ctx, report, date, kept)
	if !r.resumed[date] || !fault.Is(err, fault.ReportChanged) {
		return roster, err
	}
	advanced := r.found.Advanced // only this goroutine sets it now, because it has the turn
	roster, err = r.readFrom(ctx, report, date, resume.Partial{})
	r.setAdvanced(advanced)
	return roster, err
}

// putAway stores a report that was read in part, unless no run could continue there, or nothing new was read.
func (r *reader) putAway(date calendar.Date, place *resume.Tracker, roster *metrics.Roster) error {
	at, ok := place.Place()
	if !ok {
		return nil
	}
	if err := r.Store.SavePartial(r.tidy, r.found.Conn.Ref, date, resume.Partial{Bookmark: at, Pages: roster.Dump()}); err != nil {
		return err
	}
	r.setAdvanced(true)
	return nil
}

func (r *reader) setAdvanced(advanced bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found.Advanced = advanced
}

// dropPartial removes the stored part of a day's report. It is called after the day was stored.
func (r *reader) dropPartial(date calendar.Date) error {
	if !r.resumed[date] {
		return nil
	}
	return r.Store.DropPartial(r.tidy, r.found.Conn.Ref, date)
}
