package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// keptProgress returns what an earlier run has put away of a day's report, the zero value where it has not.
func (r *reader) keptProgress(ctx context.Context, date calendar.Date) (ledger.Progress, error) {
	kept, err := r.Store.Progress(ctx, r.found.conn.Ref, date)
	if err != nil || kept == nil {
		return ledger.Progress{}, err
	}
	r.resumed[date] = true
	return *kept, nil
}

// readOn goes on with a report. GitHub may have restated it, or may name it otherwise each time: then what was read of it is
// void, and to begin anew is no progress.
func (r *reader) readOn(ctx context.Context, report metrics.Report, date calendar.Date, kept ledger.Progress) (*metrics.Roster, error) {
	roster, err := r.readFrom(ctx, report, date, kept)
	if !r.resumed[date] || !fault.Is(err, fault.ReportChanged) {
		return roster, err
	}
	advanced := r.found.advanced
	roster, err = r.readFrom(ctx, report, date, ledger.Progress{})
	r.found.advanced = advanced
	return roster, err
}

// putAway keeps what was read of a report, unless there is no way to go on from there, or no use in it.
func (r *reader) putAway(date calendar.Date, place *bookmark, roster *metrics.Roster) error {
	at, ok := place.at()
	if !ok {
		return nil
	}
	if err := r.Store.SaveProgress(r.tidy, r.found.conn.Ref, date, ledger.Progress{Bookmark: at, Pages: roster.Dump()}); err != nil {
		return err
	}
	r.found.advanced = true
	return nil
}

// dropProgress forgets what was put away of a day's report, once the day is stored.
func (r *reader) dropProgress(date calendar.Date) error {
	if !r.resumed[date] {
		return nil
	}
	return r.Store.DropProgress(r.tidy, r.found.conn.Ref, date)
}

// bookmark follows the reading of a report.
type bookmark struct {
	from    metrics.Bookmark // where the reading began
	begun   []string
	resumed bool  // the part that comes is one that was begun earlier
	base    int64 // how much of the part had been read when it was begun
	offset  int64 // how much was read since
	lost    bool  // a part does not tell its identity, so that nobody can go on in it
}

func newBookmark(from metrics.Bookmark) *bookmark {
	return &bookmark{from: from, begun: from.Parts, resumed: len(from.Parts) > 0, base: from.Offset}
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

// at returns where to go on. It is not ok where nobody can go on from there, or nothing was read since from.
func (b *bookmark) at() (at metrics.Bookmark, ok bool) {
	at = metrics.Bookmark{Parts: b.begun, Offset: b.base + b.offset}
	moved := at.Offset != b.from.Offset || len(at.Parts) != len(b.from.Parts)
	return at, moved && !b.lost && (len(at.Parts) > 1 || at.Offset > 0)
}
