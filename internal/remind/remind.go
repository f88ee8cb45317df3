// Package remind is the use case behind the daily reminders: it tells people before a token expires, once for each token
// and threshold, sends what a poll had to tell and could not, and counts the connectors that the poll has left behind.
package remind

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/measure"
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
// no other's mail back; the error then says how many failed, and to do it all again sends only what was not sent. An
// instant too far from the clock is refused by calendar.CheckSchedule.
func (r Reminder) Remind(ctx context.Context, scheduledFor time.Time) (sent int, err error) {
	if err := calendar.CheckSchedule(scheduledFor, r.Now()); err != nil {
		return 0, err
	}
	var all tally
	for after, more := (connector.Ref{}), true; more; {
		refs, err := r.Store.Due(ctx, after, pageOfDue)
		if err != nil {
			return all.sent, fmt.Errorf("find connectors: %w", err) // and how many there are is not known
		}
		r.page(ctx, refs, scheduledFor, &all)
		if more = len(refs) == pageOfDue; more {
			after = refs[len(refs)-1]
		}
	}
	r.Log.LogAttrs(ctx, slog.LevelInfo, "reminded", slog.Time("scheduledFor", scheduledFor),
		measure.Count("Connectors", all.current+all.stopped+all.behind), measure.Count("ConnectorsStopped", all.stopped),
		measure.Count("ConnectorsBehind", all.behind), measure.Count("Notices", all.sent))
	if all.failed > 0 {
		return all.sent, fmt.Errorf("the reminders of %d connectors failed", all.failed)
	}
	return all.sent, nil
}

// tally is what has come of the connectors looked at so far.
type tally struct {
	current, stopped, behind int // live ones
	sent, failed             int
}

// page looks at some connectors side by side.
func (r Reminder) page(ctx context.Context, refs []connector.Ref, scheduledFor time.Time, all *tally) {
	var (
		mu   sync.Mutex
		wg   sync.WaitGroup
		next = make(chan connector.Ref)
	)
	for range atOnce {
		wg.Go(func() {
			for ref := range next {
				c, sent, err := r.patiently(ctx, ref, scheduledFor)
				mu.Lock()
				r.count(ctx, c, scheduledFor, all)
				all.sent += sent
				if err != nil {
					all.failed++
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
}

// count adds how a connector fares, nil being one that is not live or cannot be read, and names it where it is behind.
func (r Reminder) count(ctx context.Context, c *connector.Connector, scheduledFor time.Time, all *tally) {
	if c == nil {
		return
	}
	switch StandingOf(c, scheduledFor) {
	case Stopped:
		all.stopped++
	case Behind:
		all.behind++
		r.Log.WarnContext(ctx, "connector is behind", "tenant", c.Tenant, "connector", c.ID, "status", c.Status,
			"lookedThrough", c.LookedThrough, "unread", len(c.Unreadable()))
	default:
		all.current++
	}
}

// patiently looks at one connector, again and again while somebody else is telling its people: should he die, it is on us.
func (r Reminder) patiently(ctx context.Context, ref connector.Ref, at time.Time) (c *connector.Connector, sent int, err error) {
	for until := r.Now().Add(waitFor); ; {
		c, n, err := r.one(ctx, ref, at)
		sent += n
		if !fault.Is(err, fault.Conflict) || r.Now().After(until) {
			return c, sent, err
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return c, sent, err
		}
	}
}

// one looks at one connector, and returns it if it is live.
func (r Reminder) one(ctx context.Context, ref connector.Ref, at time.Time) (live *connector.Connector, sent int, err error) {
	defer func() {
		if recover() != nil { // the cause may hold anything
			err = errors.New("it panicked")
		}
	}()
	c, err := r.Store.Connector(ctx, ref)
	if err != nil || c == nil || c.Phase != connector.Live {
		return nil, 0, err
	}
	live = c
	sent, err = r.Notifier.Flush(ctx, c)
	if notice, name, due := Due(c, at); due {
		told, onceErr := r.Notifier.Once(ctx, c, name, notice)
		if told {
			sent++
		}
		err = errors.Join(err, onceErr)
	}
	return live, sent, err
}
