package github

import (
	"context"
	"sync/atomic"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// gate bounds the calls that are under way to one kind of host. It shuts for good when that host names a rate limit or
// refuses the token.
type gate struct {
	slots chan struct{}
	limit atomic.Pointer[fault.Error]
}

func newGate() *gate { return &gate{slots: make(chan struct{}, maxConcurrent)} }

// enter waits for a free slot. The caller must call leave when its call has ended.
func (g *gate) enter(ctx context.Context, op string) (leave func(), err error) {
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, outOfTime(op)
	}
	leave = func() { <-g.slots }
	if limit := g.limit.Load(); limit != nil {
		leave()
		again := *limit
		again.Op = op
		return nil, &again
	}
	return leave, nil
}

// shut lets no further call in. If it is called more than once, the first error stays.
func (g *gate) shut(limit *fault.Error) { g.limit.CompareAndSwap(nil, limit) }
