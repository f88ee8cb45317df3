package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// keptProgress returns the progress of a day's report that an earlier run has stored, or the zero value if there is none.
func (r *reader) keptProgress(ctx context.Context, date calendar.Date) (resume.Progress, error) {
	kept, err := r.Store.Progress(ctx, r.found.conn.Ref, date)
	if err != nil || kept == nil {
		return resume.Progress{}, err
	}
	r.resumed[date] = true
	return *kept, nil
}

// readOn continues a report. If GitHub has restated the report, or identifies it differently each time, the progress is void. Then it
// reads from the beginning, which does not count as progress.
func (r *reader) readOn(ctx context.Context, report metrics.Report, date calendar.Date, kept resume.Progress) (*metrics.Roster, error) {
	roster, err := r.readFrom(ctx, report, date, kept)
	if !r.resumed[date] || !fault.Is(err, fault.ReportChanged) {
		return roster, err
	}
	advanced := r.found.advanced
	roster, err = r.readFrom(ctx, report, date, resume.Progress{})
	r.found.advanced = advanced
	return roster, err
}

// putAway stores the progress of a report, unless no run could continue there, or nothing new was read.
func (r *reader) putAway(date calendar.Date, place *resume.Tracker, roster *metrics.Roster) error {
	at, ok := place.Place()
	if !ok {
		return nil
	}
	if err := r.Store.SaveProgress(r.tidy, r.found.conn.Ref, date, resume.Progress{Bookmark: at, Pages: roster.Dump()}); err != nil {
		return err
	}
	r.found.advanced = true
	return nil
}

// dropProgress removes the progress of a day's report. It is called after the day was stored.
func (r *reader) dropProgress(date calendar.Date) error {
	if !r.resumed[date] {
		return nil
	}
	return r.Store.DropProgress(r.tidy, r.found.conn.Ref, date)
}
