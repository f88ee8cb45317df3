package github

import (
	"context"
	"io"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

const (
	// largeAtOnce is how many large reports are downloaded at the same time. If all were, none would be whole when time runs out.
	largeAtOnce = 2

	// small is how many bytes of a report are read without waiting for a turn: those of a thousand people.
	small = 4 << 20
)

// turns decides which large reports are downloaded first: those of the newest days. The download of an older day pauses
// while newer days come in.
type turns struct {
	mu    sync.Mutex
	days  map[*turn]struct{}
	ended chan struct{} // closed when a report has come to its end
}

func newTurns() *turns { return &turns{days: map[*turn]struct{}{}, ended: make(chan struct{})} }

// turn is the place of one report in the queue. All parts of the report share it.
type turn struct {
	of   *turns
	day  calendar.Date
	read int64
}

// end lets the reports go on that waited for this one.
func (t *turn) end() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if _, waitedFor := t.of.days[t]; waitedFor {
		delete(t.of.days, t)
		close(t.of.ended)
		t.of.ended = make(chan struct{})
	}
}

// wait returns when fewer than largeAtOnce large reports of newer days are being downloaded.
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

// mine reports whether it is this report's turn. If not, this may change when another report ends.
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

// inTurn reads a part of a report and waits for the report's turn before it takes more bytes.
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
