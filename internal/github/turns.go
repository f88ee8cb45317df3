package github

import (
	"context"
	"io"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

const (
	// largeAtOnce is how many large reports come in side by side. When time runs out, no more than these are read in part:
	// all at once, none would be whole.
	largeAtOnce = 2

	// small is how many bytes of a report need no turn: a thousand people.
	small = 4 << 20
)

// turns decides which of the large reports go on: those of the newest days. One that has begun pauses while newer ones
// come in.
type turns struct {
	mu    sync.Mutex
	days  map[*turn]struct{}
	ended chan struct{} // closed when a report has come to its end
}

func newTurns() *turns { return &turns{days: map[*turn]struct{}{}, ended: make(chan struct{})} }

// turn is that of one report, through all its parts.
type turn struct {
	of   *turns
	day  calendar.Date
	read int64
}

// end lets those go on who waited for this one.
func (t *turn) end() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if _, waitedFor := t.of.days[t]; waitedFor {
		delete(t.of.days, t)
		close(t.of.ended)
		t.of.ended = make(chan struct{})
	}
}

// wait returns once fewer than largeAtOnce large reports of newer days are coming in.
func (t *turn) wait(ctx context.Context) error {
	for t.read >= small {
		ended, mine := t.mine()
		if mine {
			return nil
		}
		select {
		case <-ended:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// mine reports whether it is this report's turn. If not, that may change when another one ends.
func (t *turn) mine() (ended <-chan struct{}, mine bool) {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.of.days[t] = struct{}{}
	newer := 0
	for other := range t.of.days {
		if other.day > t.day {
			newer++
		}
	}
	return t.of.ended, newer < largeAtOnce
}

// inTurn is a part of a report whose bytes are taken when it is its turn.
type inTurn struct {
	io.ReadCloser
	ctx  context.Context //nolint:containedctx // lives as long as one read of one part
	turn *turn
}

func (i inTurn) Read(b []byte) (int, error) {
	if err := i.turn.wait(i.ctx); err != nil {
		return 0, err
	}
	n, err := i.ReadCloser.Read(b)
	i.turn.read += int64(n)
	return n, err
}
