// Package remind is the use case behind the daily reminders: it tells people before a token expires, once for each token
// and threshold, and sends what a poll had to tell and could not.
package remind

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Store is where connectors are.
type Store interface {
	Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Ref, error)
	Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
}

// Notifier tells people. Its methods fail with CodeConflict while somebody else is telling them.
type Notifier interface {
	// Once sends a notice, but for those to whom it went by that name before.
	Once(ctx context.Context, c *connector.Connector, name string, notice connector.Notice) (sent bool, err error)

	// Flush sends what waits in the connector.
	Flush(ctx context.Context, c *connector.Connector) (sent int, err error)
}

// Reminder reminds.
type Reminder struct {
	Store    Store
	Notifier Notifier
	Now      func() time.Time
	Log      *slog.Logger
}

const (
	// pageOfDue is how many connectors are listed at a time, and atOnce how many are looked at side by side.
	pageOfDue = 500
	atOnce    = 8

	// waitFor is how long one waits for another who is sending the same mail: longer than it stays his if he dies.
	waitFor   = 3 * time.Minute
	lookAgain = time.Second
)

// Remind looks at every connector as of that instant and tells how many notices it sent. One connector's trouble keeps
// no other's mail back; the error then says how many failed, and to do it all again sends only what was not sent.
func (r Reminder) Remind(ctx context.Context, scheduledFor time.Time) (sent int, err error) {
	failed := 0
	for after, more := (connector.Ref{}), true; more; {
		refs, err := r.Store.Due(ctx, after, pageOfDue)
		if err != nil {
			return sent, fmt.Errorf("find connectors: %w", err)
		}
		pageSent, pageFailed := r.page(ctx, refs, scheduledFor)
		sent, failed = sent+pageSent, failed+pageFailed
		if more = len(refs) == pageOfDue; more {
			after = refs[len(refs)-1]
		}
	}
	if failed > 0 {
		return sent, fmt.Errorf("the reminders of %d connectors failed", failed)
	}
	return sent, nil
}

// page looks at some connectors side by side.
func (r Reminder) page(ctx context.Context, refs []connector.Ref, scheduledFor time.Time) (sent, failed int) {
	var (
		mu   sync.Mutex
		wg   sync.WaitGroup
		next = make(chan connector.Ref)
	)
	for range atOnce {
		wg.Go(func() {
			for ref := range next {
				n, err := r.patiently(ctx, ref, scheduledFor)
				mu.Lock()
				sent += n
				if err != nil {
					failed++
					r.Log.ErrorContext(ctx, "reminder failed", "tenant", ref.Tenant, "connector", ref.ID, "error", err)
				}
				mu.Unlock()
			}
		})
	}
	for _, ref := range refs {
		next <- ref
	}
	close(next)
	wg.Wait()
	return sent, failed
}

// patiently looks at one connector, again and again while somebody else is telling its people: should he die, it is on us.
func (r Reminder) patiently(ctx context.Context, ref connector.Ref, at time.Time) (sent int, err error) {
	for until := r.Now().Add(waitFor); ; {
		n, err := r.one(ctx, ref, at)
		sent += n
		if !connector.Is(err, connector.CodeConflict) || r.Now().After(until) {
			return sent, err
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return sent, err
		}
	}
}

// one looks at one connector.
func (r Reminder) one(ctx context.Context, ref connector.Ref, at time.Time) (sent int, err error) {
	defer func() {
		if recover() != nil { // the cause may hold anything
			err = errors.New("it panicked")
		}
	}()
	c, err := r.Store.Connector(ctx, ref)
	if err != nil || c == nil || c.Phase != connector.Live {
		return 0, err
	}
	sent, err = r.Notifier.Flush(ctx, c)
	if notice, name, due := Due(c, at); due {
		told, onceErr := r.Notifier.Once(ctx, c, name, notice)
		if told {
			sent++
		}
		err = errors.Join(err, onceErr)
	}
	return sent, err
}
