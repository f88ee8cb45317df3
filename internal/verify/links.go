package verify

import (
	"context"
	"sync/atomic"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// linksWithin is how long the less urgent questions wait for the links of all reports.
const linksWithin = 3 * time.Second

// links counts the days whose report links are not known yet, and tells when there are none left.
type links struct {
	left    atomic.Int64
	known   chan struct{}
	granted atomic.Int64 // the newest day whose aggregate GitHub has handed out
}

func newLinks(days int) *links {
	l := &links{known: make(chan struct{})}
	l.left.Store(int64(days))
	return l
}

// grant notes a day whose aggregate GitHub has handed out.
func (l *links) grant(day calendar.Date) {
	for {
		known := l.granted.Load()
		if int64(day) <= known || l.granted.CompareAndSwap(known, int64(day)) {
			return
		}
	}
}

// newest returns the newest day whose aggregate GitHub has handed out so far, or 0.
func (l *links) newest() calendar.Date { return calendar.Date(l.granted.Load()) }

func (l *links) add() {
	if l.left.Add(-1) == 0 {
		close(l.known)
	}
}

func (l *links) wait(ctx context.Context) {
	select {
	case <-l.known:
	case <-time.After(linksWithin):
	case <-ctx.Done():
	}
}
