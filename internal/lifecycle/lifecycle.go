// Package lifecycle is the use case behind a connector's life: it is saved, polled when somebody asks, and goes. No
// state that a crash can leave survives in which a token is stored without its connector, or a connector without its
// token: the connector is stored first, as one that is not live yet, and what stays so is cleared away.
package lifecycle

import (
	"context"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// Store keeps connectors.
type Store interface {
	Create(ctx context.Context, c *connector.Connector) (holder *connector.Connector, err error)
	Holder(ctx context.Context, tenant string, provider connector.Provider, account copilot.Account) (*connector.Connector, error)
	Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
	Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)
	Retire(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)
	Remove(ctx context.Context, c *connector.Connector) error

	// CountInvitations counts n more invitations of a tenant, unless they would make more than most within a day: then it
	// returns how long to wait.
	CountInvitations(ctx context.Context, tenant string, n, most int) (wait time.Duration, err error)
}

// Vault keeps tokens.
type Vault interface {
	Put(ctx context.Context, tenant, id string, token credential.Token) error
	Delete(ctx context.Context, tenant, id string) error
}

// Queue keeps tasks until somebody has time for them.
type Queue interface {
	Send(ctx context.Context, tasks ...connector.Task) error
}

// Recipients keeps who is told by mail how a connector fares.
type Recipients interface {
	// Invite makes these addresses, and no others, the connector's recipients, and mails those in ask for them to confirm.
	// It returns those who need not be asked any more.
	Invite(ctx context.Context, ref connector.Ref, emails, ask []string) (asked []string, err error)

	// Forget unsubscribes them all.
	Forget(ctx context.Context, ref connector.Ref) error
}

// Lifecycle manages connectors.
type Lifecycle struct {
	Verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
	Store      Store
	Vault      Vault
	Queue      Queue
	Recipients Recipients
	Now        func() time.Time
	Log        *slog.Logger

	// Backfill is what a new connector of that scope has to read of older days.
	Backfill func(scope copilot.Scope, saved calendar.Date) *connector.Backfill
}

// askedWithin is how long a poll that was asked for speaks for further ones.
const askedWithin = time.Minute

// Poll queues a poll now. One that was asked for within the last minute and has not ended does for this one as well. It
// returns nil where there is no such connector.
func (l Lifecycle) Poll(ctx context.Context, ref connector.Ref, actor string) (*connector.Connector, error) {
	c, err := l.live(ctx, ref)
	if err != nil || c == nil {
		return nil, err
	}
	now := l.Now().UTC()
	if !c.PollAskedAt.IsZero() && now.Sub(c.PollAskedAt).Abs() < askedWithin {
		return c, nil
	}
	task := connector.Task{Tenant: ref.Tenant, Connector: ref.ID, ScheduledFor: now, Reason: connector.ReasonAsked}
	if err := l.Queue.Send(ctx, task); err != nil {
		return nil, err
	}
	return l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		if last := c.LastPoll; last == nil || !last.ScheduledFor.Equal(now) { // else it has been done already
			c.PollAskedAt = now
		}
		c.Record(now, actor, audit.PollAsked, "")
		return nil
	})
}
