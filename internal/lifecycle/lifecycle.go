// Package lifecycle is the use case behind a connector's life: it is saved, polled when somebody asks, and goes. No
// state that a crash can leave survives in which a token is stored without its connector, or a connector without its
// token: the connector is stored first, as one that is not live yet, and what stays so is cleared away.
package lifecycle

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// Store keeps connectors.
type Store interface {
	Create(ctx context.Context, c *connector.Connector) (holder *connector.Connector, err error)
	Holder(ctx context.Context, tenant string, account connector.Account) (*connector.Connector, error)
	Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
	Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)
	Remove(ctx context.Context, c *connector.Connector) error
}

// Vault keeps tokens.
type Vault interface {
	Put(ctx context.Context, tenant, id string, token connector.Token) error
	Delete(ctx context.Context, tenant, id string) error
}

// Queue keeps tasks until somebody has time for them.
type Queue interface {
	Send(ctx context.Context, tasks ...connector.Task) error
}

// Lifecycle manages connectors.
type Lifecycle struct {
	Verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
	Store Store
	Vault Vault
	Queue Queue
	Now   func() time.Time
	Log   *slog.Logger

	// Backfill is what a new connector of that scope has to read of older days.
	Backfill func(scope connector.Scope, saved connector.Date) *connector.Backfill
}

// Request is what the administrator has entered.
type Request struct {
	verify.Request
	Tenant       string
	NotifyEmails []string
}

// Refused says that verification failed: a check says why.
type Refused struct{ Result verify.Result }

func (r *Refused) Error() string { return "verification failed" }

// Exists says that the tenant has a connector for the account already.
type Exists struct{ ID string }

func (e *Exists) Error() string { return fmt.Sprintf("the account has the connector %s", e.ID) }

// Unasked says that GitHub could not be asked: CodeUnreachable, CodeOutOfTime or CodeRateLimited.
type Unasked struct{ Err *connector.Error }

func (u *Unasked) Error() string { return "verify: " + u.Err.Error() }

// Unwrap returns why.
func (u *Unasked) Unwrap() error { return u.Err }

const (
	// savedWithin is longer than a Save can take: the gateway gives up at 30 s. One that has stayed unfinished for so long
	// has died, and another Save may clear it away.
	savedWithin = 2 * time.Minute

	// askedWithin is how long a poll that was asked for speaks for further ones.
	askedWithin = time.Minute
)

// Save verifies the token and stores the connector, whose days are read behind. It fails with *Refused, *Exists, *Unasked,
// or with the *connector.Error of our own store or vault.
func (l Lifecycle) Save(ctx context.Context, request Request) (*connector.Connector, error) {
	if holder, err := l.Store.Holder(ctx, request.Tenant, request.Account); err != nil {
		return nil, err
	} else if holder != nil && !l.died(holder) {
		return nil, &Exists{ID: holder.ID}
	}
	result := l.Verifier.Verify(ctx, request.Request)
	switch {
	case result.Unasked != nil:
		return nil, &Unasked{Err: result.Unasked}
	case !result.OK:
		return nil, &Refused{Result: result}
	}
	c := l.newConnector(request, result)
	if err := l.create(ctx, c); err != nil {
		return nil, err
	}
	live, err := l.enliven(ctx, c, request.Token)
	if err != nil {
		l.undo(ctx, c)
		return nil, err
	}
	task := connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: c.CreatedAt, Reason: connector.ReasonSaved}
	if err := l.Queue.Send(ctx, task); err != nil {
		// The connector is saved all the same; the next poll reads its days.
		l.Log.WarnContext(ctx, "backfill not queued", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
	return live, nil
}

func (l Lifecycle) newConnector(request Request, result verify.Result) *connector.Connector {
	now := result.VerifiedAt
	c := &connector.Connector{
		Ref:     connector.Ref{Tenant: request.Tenant, ID: connector.NewID()},
		Account: request.Account, Plan: result.Account.Plan,
		Phase: connector.Saving, Status: connector.StatusBackfilling,
		IdleAfterDays: request.IdleAfterDays, NotifyEmails: request.NotifyEmails,
		Credential: connector.Credential{
			Kind: result.Credential.Kind, Scopes: result.Credential.Scopes, ExpiresAt: result.Credential.ExpiresAt,
			Fingerprint: result.Credential.Fingerprint, RotatedAt: now,
		},
		Capabilities: result.Capabilities, Granted: result.Capabilities,
		Backfill:  l.Backfill(request.Account.Scope, connector.DateOf(now)),
		CreatedAt: now, UpdatedAt: now,
	}
	if login := result.Credential.Login; login != nil {
		c.Credential.Login = *login
	}
	return c
}

// create takes the account for the connector, if need be from one whose Save has died.
func (l Lifecycle) create(ctx context.Context, c *connector.Connector) error {
	holder, err := l.Store.Create(ctx, c)
	if err != nil || holder == nil {
		return err
	}
	if !l.died(holder) {
		return &Exists{ID: holder.ID}
	}
	if err := l.clear(ctx, holder); err != nil {
		return err
	}
	if holder, err = l.Store.Create(ctx, c); err == nil && holder != nil {
		return &Exists{ID: holder.ID}
	}
	return err
}

func (l Lifecycle) died(c *connector.Connector) bool {
	return c.Phase == connector.Deleting || c.Phase == connector.Saving && l.Now().Sub(c.CreatedAt) > savedWithin
}

// clear removes a connector that is not live with whatever token it may have.
func (l Lifecycle) clear(ctx context.Context, c *connector.Connector) error {
	if err := l.Vault.Delete(ctx, c.Tenant, c.ID); err != nil {
		return err
	}
	return l.Store.Remove(ctx, c)
}

func (l Lifecycle) enliven(ctx context.Context, c *connector.Connector, token connector.Token) (*connector.Connector, error) {
	if err := l.Vault.Put(ctx, c.Tenant, c.ID, token); err != nil {
		return nil, err
	}
	live, err := l.Store.Change(ctx, c.Ref, func(c *connector.Connector) error {
		c.Phase = connector.Live
		return nil
	})
	if err == nil && live == nil {
		return nil, &connector.Error{Code: connector.CodeConflict, Op: "save connector"}
	}
	return live, err
}

// undo takes back a Save that failed on its way. What it cannot take back is cleared away by the next poll, or by the
// next Save for the account.
func (l Lifecycle) undo(ctx context.Context, c *connector.Connector) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	current, err := l.Store.Connector(ctx, c.Ref)
	if err == nil && current != nil && current.Phase == connector.Saving {
		err = l.clear(ctx, current)
	}
	if err != nil {
		l.Log.WarnContext(ctx, "a failed save is left for the next poll to clear away", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
}

// Poll queues a poll now. One that was asked for within the last minute and has not ended does for this one as well. It
// returns nil where there is no such connector.
func (l Lifecycle) Poll(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	c, err := l.Store.Connector(ctx, ref)
	if err != nil || c == nil || c.Phase != connector.Live {
		return nil, err
	}
	now := l.Now().UTC()
	if waits := c.LastPoll == nil || c.LastPoll.ScheduledFor.Before(c.PollAskedAt); waits && now.Sub(c.PollAskedAt) < askedWithin {
		return c, nil
	}
	task := connector.Task{Tenant: ref.Tenant, Connector: ref.ID, ScheduledFor: now, Reason: connector.ReasonAsked}
	if err := l.Queue.Send(ctx, task); err != nil {
		return nil, err
	}
	return l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		c.PollAskedAt = now
		return nil
	})
}
