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

	// ConnectorsAt returns those of the connectors that are there and can be read.
	ConnectorsAt(ctx context.Context, refs []connector.Ref) (map[connector.Ref]*connector.Connector, error)
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
	// pageOfDue is how many connectors are listed and read at a time, and atOnce how many are looked at side by side: as
	// many as AWS's clients keep connections for.
	pageOfDue = 500
	atOnce    = 32

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
	var looking sync.WaitGroup
	due := make(chan found)
	for range atOnce {
		looking.Go(func() {
			for f := range due {
				r.look(ctx, f, scheduledFor, &all)
			}
		})
	}
	err = r.find(ctx, due)
	close(due)
	looking.Wait()
	if err != nil {
		return all.sent, fmt.Errorf("find connectors: %w", err) // and how many there are is not known
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
	mu                       sync.Mutex
	current, stopped, behind int // live ones
	sent, failed             int
}

// found is a connector that is to be looked at, nil where it has yet to be read.
type found struct {
	ref connector.Ref
	c   *connector.Connector
}

// find lists all connectors, and reads them many at a time. One that was not read so is read by itself: then it is told what
// is wrong with it.
func (r Reminder) find(ctx context.Context, due chan<- found) error {
	for after, more := (connector.Ref{}), true; more; {
		refs, err := r.Store.Due(ctx, after, pageOfDue)
		if err != nil {
			return err
		}
		read, err := r.Store.ConnectorsAt(ctx, refs)
		if err != nil {
			r.Log.WarnContext(ctx, "connectors are read one by one", "error", err)
		}
		for _, ref := range refs {
			due <- found{ref, read[ref]}
		}
		if more = len(refs) == pageOfDue; more {
			after = refs[len(refs)-1]
		}
	}
	return nil
}

// look looks at one connector and counts what came of it.
func (r Reminder) look(ctx context.Context, f found, scheduledFor time.Time, all *tally) {
	c, sent, err := r.patiently(ctx, f, scheduledFor)
	all.mu.Lock()
	defer all.mu.Unlock()
	r.count(ctx, c, scheduledFor, all)
	all.sent += sent
	if err != nil {
		all.failed++
		r.Log.ErrorContext(ctx, "reminder failed", "tenant", f.ref.Tenant, "connector", f.ref.ID, "error", err)
	}
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
func (r Reminder) patiently(ctx context.Context, f found, at time.Time) (c *connector.Connector, sent int, err error) {
	for until := r.Now().Add(waitFor); ; f.c = nil {
		c, n, err := r.one(ctx, f, at)
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
func (r Reminder) one(ctx context.Context, f found, at time.Time) (live *connector.Connector, sent int, err error) {
	defer func() {
		if recover() != nil { // the cause may hold anything
			err = errors.New("it panicked")
		}
	}()
	c := f.c
	if c == nil {
		c, err = r.Store.Connector(ctx, f.ref)
	}
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
