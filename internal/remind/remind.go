// Package remind is the use case of the daily reminders. It sends a mail before a token expires, once for each token and
// threshold, sends the notices that a poll could not send, and counts the connectors that the daily poll did not bring up to
// date. It must not know GitHub, mail services or texts of mails. Start reading at Remind; due.go decides which mail is due.
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

// Store keeps connectors.
type Store interface {
	Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error)
	Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)

	// ConnectorsAt returns the connectors that exist and can be read. It omits the others.
	ConnectorsAt(ctx context.Context, refs []connector.Ref) (map[connector.Ref]*connector.Connector, error)
}

// Notifier sends notices. Its methods fail with fault.Conflict while somebody else is sending the same mail.
type Notifier interface {
	// Once sends a notice, except to people who have already got the notice of this name.
	Once(ctx context.Context, c *connector.Connector, name string, notice connector.Notice) (sent bool, err error)

	// Flush sends the notices that wait in the connector.
	Flush(ctx context.Context, c *connector.Connector) (sent int, err error)
}

// Reminder sends the daily reminders.
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

	// waitFor is how long we wait while somebody else is sending the same mail. It is longer than a crashed sender's claim holds.
	waitFor   = 3 * time.Minute
	lookAgain = time.Second
)

// Remind sends the mails that are due for every connector at the scheduled instant, and returns how many it sent. If one
// connector fails, the others still get their mails. The error then says how many failed; a repeated call sends only the missing
// mails. It returns the error of calendar.CheckSchedule if the instant is too far from the clock.
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
		return all.sent, fmt.Errorf("find connectors: %w", err) // the number of connectors is unknown, so it is not logged
	}
	r.Log.LogAttrs(ctx, slog.LevelInfo, "reminded", slog.Time("scheduledFor", scheduledFor),
		measure.Count("Connectors", all.current+all.stopped+all.behind), measure.Count("ConnectorsStopped", all.stopped),
		measure.Count("ConnectorsBehind", all.behind), measure.Count("Notices", all.sent))
	if all.failed > 0 {
		return all.sent, fmt.Errorf("the reminders of %d connectors failed", all.failed)
	}
	return all.sent, nil
}

// tally counts the results of the connectors so far.
type tally struct {
	mu                       sync.Mutex
	current, stopped, behind int // live connectors by Standing
	sent, failed             int
}

// found is a listed connector. conn is nil if it was not read yet.
type found struct {
	ref connector.Ref
	c   *connector.Connector
}

// find lists all connectors, and reads many of them at a time. A connector that cannot be read this way is read alone later, so that
// its error is logged.
func (r Reminder) find(ctx context.Context, due chan<- found) error {
	for after, more := (connector.Ref{}), true; more; {
		page, err := r.Store.Due(ctx, after, pageOfDue)
		if err != nil {
			return err
		}
		refs := make([]connector.Ref, len(page))
		for i, listed := range page {
			refs[i] = listed.Ref
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

// look handles one connector and counts the result.
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

// count counts a connector by its Standing, and logs it if it is behind. nil stands for a connector that is not live or cannot
// be read.
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

// patiently handles one connector. While somebody else is sending its mail, it tries again: if the other crashes, we send.
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

// one handles one connector, and returns it if it is live.
func (r Reminder) one(ctx context.Context, f found, at time.Time) (live *connector.Connector, sent int, err error) {
	defer func() {
		if recover() != nil { // the panic's value may contain a secret and is dropped
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
