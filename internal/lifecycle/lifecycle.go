// Package lifecycle is the use case of a connector's life: save, poll now, rotate, change and delete. It guarantees that no
// token stays without its connector and no live connector without its token, whenever the program crashes: the connector is
// stored first, in the phase Saving, and a connector that stays in that phase is cleared away. The package must not know
// HTTP, AWS or how anything is stored. Start reading at Lifecycle, then Save.
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

	// CountInvitations counts n more invitations of a tenant. If that would exceed most within a day, it counts nothing and
	// returns how long to wait.
	CountInvitations(ctx context.Context, tenant string, n, most int) (wait time.Duration, err error)
}

// Vault keeps tokens.
type Vault interface {
	Put(ctx context.Context, tenant, id string, token credential.Token) error
	Delete(ctx context.Context, tenant, id string) error
}

// Queue keeps tasks until a worker handles them.
type Queue interface {
	Send(ctx context.Context, tasks ...connector.Task) error
}

// Recipients keeps the addresses that get a connector's mails.
type Recipients interface {
	// Invite makes exactly these addresses the connector's recipients, and asks those in ask by mail to confirm. It returns
	// those that need not be asked again.
	Invite(ctx context.Context, ref connector.Ref, emails, ask []string) (asked []string, err error)

	// Forget unsubscribes all recipients of the connector.
	Forget(ctx context.Context, ref connector.Ref) error
}

// Lifecycle saves, polls, rotates, changes and deletes connectors.
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

	// Backfill returns the older days that a new connector of a scope has to read.
	Backfill func(scope copilot.Scope, saved calendar.Date) *connector.Backfill
}

// askedWithin is how long a requested poll also serves further requests.
const askedWithin = time.Minute

// Poll queues a poll now. It queues nothing if a poll was requested within the last minute and has not ended. It returns
// nil if there is no such connector.
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
