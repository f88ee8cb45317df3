package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// keptProgress returns the progress of a day's report that an earlier run has stored, or the zero value if there is none.
func (r *reader) keptProgress(ctx context.Context, date calendar.Date) (ledger.Progress, error) {
	kept, err := r.Store.Progress(ctx, r.found.conn.Ref, date)
	if err != nil || kept == nil {
		return ledger.Progress{}, err
	}
	r.resumed[date] = true
	return *kept, nil
}

// readOn continues a report. If GitHub has restated the report, or identifies it differently each time, the progress is void. Then it
// reads from the beginning, which does not count as progress.
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

// putAway stores the progress of a report, unless no run could continue there, or nothing new was read.
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

// dropProgress removes the progress of a day's report. It is called after the day was stored.
func (r *reader) dropProgress(date calendar.Date) error {
	if !r.resumed[date] {
		return nil
	}
	return r.Store.DropProgress(r.tidy, r.found.conn.Ref, date)
}

// bookmark keeps track of how far a report was read.
type bookmark struct {
	from    metrics.Bookmark // where the reading began
	begun   []string
	resumed bool  // the next part was begun by an earlier run
	base    int64 // how many bytes of the part earlier runs have read
	offset  int64 // how many bytes this run has read since
	lost    bool  // a part has no identity, so no run could continue in it
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

// at returns the place at which a later run can continue. ok is false if no run could continue there, or if nothing was read since from.
func (b *bookmark) at() (at metrics.Bookmark, ok bool) {
	at = metrics.Bookmark{Parts: b.begun, Offset: b.base + b.offset}
	moved := at.Offset != b.from.Offset || len(at.Parts) != len(b.from.Parts)
	return at, moved && !b.lost && (len(at.Parts) > 1 || at.Offset > 0)
}
