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

// thresholds are how many days before a token expires people are told, nearest first. They are told once more when it
// has expired, which is threshold 0.
var thresholds = []int{1, 3, 7, 14}

// Store is where connectors are, and what was sent.
type Store interface {
	Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Ref, error)
	Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)

	// ClaimReminder says whether a reminder is to be sent now: it was not sent, and nobody is sending it.
	ClaimReminder(ctx context.Context, ref connector.Ref, reminder string, until time.Time) (bool, error)

	// ReminderSent makes it one that was sent.
	ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error
}

// Notifier tells people.
type Notifier interface {
	Tell(ctx context.Context, c *connector.Connector, notice connector.Notice) error

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

	// sendingFor is how long a claim holds: a mail that was not marked as sent by then may not have been, and is sent
	// again. A rare double is better than a loss.
	sendingFor = 10 * time.Minute
)

// Remind looks at every connector as of that instant and tells how many notices it sent. One connector's trouble keeps
// no other's mail back; the error then says how many failed, and to do it all again sends only what was not sent.
func (r Reminder) Remind(ctx context.Context, scheduledFor time.Time) (sent int, err error) {
	var (
		after  connector.Ref
		mu     sync.Mutex
		failed int
	)
	for {
		refs, err := r.Store.Due(ctx, after, pageOfDue)
		if err != nil {
			return sent, fmt.Errorf("find connectors: %w", err)
		}
		var wg sync.WaitGroup
		next := make(chan connector.Ref)
		for range atOnce {
			wg.Go(func() {
				for ref := range next {
					n, err := r.one(ctx, ref, scheduledFor)
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
		if len(refs) < pageOfDue {
			break
		}
		after = refs[len(refs)-1]
	}
	if failed > 0 {
		return sent, fmt.Errorf("the reminders of %d connectors failed", failed)
	}
	return sent, nil
}

// one looks at one connector.
func (r Reminder) one(ctx context.Context, ref connector.Ref, scheduledFor time.Time) (sent int, err error) {
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
	if err != nil {
		return sent, err
	}
	notice, threshold, due := Due(c, scheduledFor)
	if !due {
		return sent, nil
	}
	name := fmt.Sprintf("%s#%d", c.Credential.Fingerprint, threshold)
	claimed, err := r.Store.ClaimReminder(ctx, ref, name, r.Now().Add(sendingFor))
	if err != nil || !claimed {
		return sent, err
	}
	if err := r.Notifier.Tell(ctx, c, notice); err != nil {
		return sent, err
	}
	return sent + 1, r.Store.ReminderSent(ctx, ref, name)
}

// Due returns the reminder that is due at an instant: that of the nearest threshold the token has come to, whether or
// not those before it were sent.
func Due(c *connector.Connector, at time.Time) (notice connector.Notice, threshold int, due bool) {
	expiry, byPolicy := c.Credential.Expiry()
	notice = connector.Notice{Kind: connector.NoticeExpires, At: at, ExpiresAt: expiry, DaysLeft: connector.DaysLeft(expiry, at)}
	if !expiry.After(at) {
		if !byPolicy {
			notice.Kind = connector.NoticeExpired
		}
		return notice, 0, true
	}
	for _, threshold := range thresholds {
		if notice.DaysLeft <= threshold {
			return notice, threshold, true
		}
	}
	return notice, 0, false
}
