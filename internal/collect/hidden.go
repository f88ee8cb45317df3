package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// lookForHidden ends the run if GitHub answers 404 to everything, even to a report that existed before. Then GitHub does not let the
// token in any more, and the rest would fail too.
func (r *reader) lookForHidden(ctx context.Context) {
	if r.found.Conn.LatestFinalDay == nil || r.halted() || !r.nothingFound() {
		return
	}
	r.reading.Lock() // one goroutine asks, and the others wait for the answer
	defer r.reading.Unlock()
	if r.halted() || !r.nothingFound() || r.probed {
		return
	}
	r.probed = true
	if err := r.probe(ctx); fault.Is(err, fault.NotFound) {
		r.halt(err)
	}
}

// nothingFound reports whether GitHub has answered 404 for every day so far.
func (r *reader) nothingFound() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.found.Days {
		if !fault.Is(d.Err, fault.NotFound) {
			return false
		}
	}
	return len(r.found.Days) > 0
}

// probe asks for the report of a day for which GitHub had one.
func (r *reader) probe(ctx context.Context) error {
	_, err := r.gitHub.Report(ctx, r.found.Conn.Account, reports.Aggregate, *r.found.Conn.LatestFinalDay)
	return err
}

// hidden reports whether GitHub hides the account, which it does by 404 if it does not let somebody in. If the account never had a
// report, a 404 alone does not show it, and Verify finds out.
func (r *reader) hidden(ctx context.Context) bool {
	switch {
	case fault.Is(r.found.Stop, fault.NotFound):
		return r.found.Identity != nil
	case r.found.Stop != nil || !r.nothingFound():
		return false
	case r.found.Conn.LatestFinalDay == nil:
		return true
	}
	return !r.probed && r.probe(ctx) != nil
}
