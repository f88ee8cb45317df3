package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// lookForHidden ends the run once GitHub answers 404 to everything, a report included that was there before: then it does
// not let the token in any more, and the rest would fare alike.
func (r *reader) lookForHidden(ctx context.Context) {
	if r.found.conn.LatestFinalDay == nil || r.halted() || !r.nothingFound() {
		return
	}
	r.reading.Lock() // one asks, and the others wait for the answer
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
	for _, d := range r.found.days {
		if !fault.Is(d.err, fault.NotFound) {
			return false
		}
	}
	return len(r.found.days) > 0
}

// probe asks for the report of a day that GitHub had one for.
func (r *reader) probe(ctx context.Context) error {
	_, err := r.gitHub.Report(ctx, r.found.conn.Account, metrics.Aggregate, *r.found.conn.LatestFinalDay)
	return err
}

// hidden reports whether GitHub has hidden the account, as it does by 404 from somebody whom it does not let in. Of an account
// that never had a report it cannot be told by 404 alone: Verify finds out.
func (r *reader) hidden(ctx context.Context) bool {
	switch {
	case fault.Is(r.found.stop, fault.NotFound):
		return r.found.identity != nil
	case r.found.stop != nil || !r.nothingFound():
		return false
	case r.found.conn.LatestFinalDay == nil:
		return true
	}
	return !r.probed && r.probe(ctx) != nil
}
