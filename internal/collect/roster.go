package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// readRoster reads a day's per-user report. It is nil without an error where nobody is in it, which is no report of a
// day on which people were active. Where the time for the run ends first, what was read is put away, and the next run
// goes on from there.
func (r *run) readRoster(ctx context.Context, date calendar.Date) (roster *metrics.Roster, err error) {
	kept, err := r.Store.Progress(ctx, r.conn.Ref, date)
	if err != nil {
		return nil, err
	}
	if kept != nil {
		r.resumed[date] = true
	}
	err = r.read(ctx, metrics.PerUser, date, func(report metrics.Report) error {
		if kept != nil {
			roster, err = r.readFrom(ctx, report, date, *kept)
			if !fault.Is(err, fault.ReportChanged) {
				return err
			}
			// GitHub has restated the report, or names it otherwise each time: what was read of it is void, and to begin anew
			// is no progress.
			defer r.advanced.Store(r.advanced.Load())
		}
		roster, err = r.readFrom(ctx, report, date, ledger.Progress{})
		return err
	})
	if err != nil {
		return nil, err
	}
	if roster.Totals().Active == 0 {
		return nil, nil //nolint:nilnil // documented: nobody is in it
	}
	return roster, nil
}

// readFrom reads a report from where it was left.
func (r *run) readFrom(ctx context.Context, report metrics.Report, date calendar.Date, kept ledger.Progress) (*metrics.Roster, error) {
	roster := new(metrics.Roster)
	for _, page := range kept.Pages {
		if err := metrics.ReadPage(page, roster.Add); err != nil {
			return nil, &fault.Error{Code: fault.ReportChanged, Op: "go on with a report", Err: err}
		}
	}
	place := bookmark{begun: kept.Bookmark.Parts, resumed: len(kept.Bookmark.Parts) > 0, base: kept.Bookmark.Offset}
	users := metrics.NewUsersReader(date, metrics.Owner{Scope: r.conn.Scope}, roster.Add)
	err := report(ctx, kept.Bookmark, func(part metrics.Part) error {
		if err := place.begin(part.Identity); err != nil {
			return err
		}
		err := users.ReadPart(part)
		place.offset = users.Offset()
		return err
	})
	if fault.Is(err, fault.OutOfTime) {
		if at, ok := place.at(); ok && (at.Offset != kept.Bookmark.Offset || len(at.Parts) != len(kept.Bookmark.Parts)) {
			if err := r.Store.SaveProgress(r.tidy, r.conn.Ref, date, ledger.Progress{Bookmark: at, Pages: roster.Pages()}); err != nil {
				return nil, err
			}
			r.advanced.Store(true)
		}
	}
	return roster, err
}

// bookmark follows the reading of a report.
type bookmark struct {
	begun   []string
	resumed bool  // the first part is one that was begun earlier
	base    int64 // how much of the part had been read when it was begun
	offset  int64 // how much was read since
	lost    bool  // a part does not tell its identity, so that nobody can go on in it
}

func (b *bookmark) begin(identity string) error {
	b.lost = b.lost || identity == ""
	if b.resumed {
		b.resumed = false
		if identity != b.begun[len(b.begun)-1] {
			return &fault.Error{Code: fault.ReportChanged, Op: "go on with a report"}
		}
		return nil
	}
	b.begun, b.base, b.offset = append(b.begun, identity), 0, 0
	return nil
}

// at is where to go on; not ok where there is no way to, or no use in it.
func (b *bookmark) at() (metrics.Bookmark, bool) {
	at := metrics.Bookmark{Parts: b.begun, Offset: b.base + b.offset}
	return at, !b.lost && (len(at.Parts) > 1 || at.Offset > 0)
}

// dropProgress forgets what was kept of a day's report, once the day is stored.
func (r *run) dropProgress(date calendar.Date) error {
	if !r.resumed[date] {
		return nil
	}
	return r.Store.DropProgress(r.tidy, r.conn.Ref, date)
}
