package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// Request is what the administrator has entered.
type Request struct {
	verify.Request
	Tenant       string
	NotifyEmails []string
	Actor        string // who asks for it, for the audit
}

// Refused says that verification failed: a check says why.
type Refused struct{ Result verify.Result }

func (r *Refused) Error() string { return "verification failed" }

// Exists says that the tenant has a connector for the account already.
type Exists struct{ ID string }

func (e *Exists) Error() string { return fmt.Sprintf("the account has the connector %s", e.ID) }

// Unasked says that GitHub could not be asked: CodeUnreachable, CodeOutOfTime or CodeRateLimited.
type Unasked struct{ Err *fault.Error }

func (u *Unasked) Error() string { return "verify: " + u.Err.Error() }

// Unwrap returns why.
func (u *Unasked) Unwrap() error { return u.Err }

const (
	// storedWithin bounds what comes after the verification, which has its own bound of 20 s.
	storedWithin = 30 * time.Second

	// undoneWithin bounds the taking back of what could not be stored.
	undoneWithin = 5 * time.Second

	// savedWithin is longer than all that can take. A Save that has stayed unfinished for so long has died, and another
	// one may clear it away.
	savedWithin = 2 * time.Minute
)

// Save verifies the token and stores the connector, whose days are read behind. It fails with *Refused, *Exists, *Unasked,
// *TooManyInvitations, or with the *fault.Error of our own store or vault.
func (l Lifecycle) Save(ctx context.Context, request Request) (*connector.Connector, error) {
	if holder, err := l.Store.Holder(ctx, request.Tenant, connector.GitHubCopilot, request.Account); err != nil {
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
	if err := l.mayInvite(ctx, request.Tenant, len(request.NotifyEmails)); err != nil {
		return nil, err
	}
	c := l.newConnector(request, result)
	live, err := l.store(ctx, c, request.Token)
	if _, exists := errors.AsType[*Exists](err); exists {
		return nil, err
	}
	if err != nil {
		if live = l.undo(ctx, c); live == nil {
			return nil, err
		}
	}
	if len(c.NotifyEmails) > 0 {
		live = l.invite(ctx, live)
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
		Ref:      connector.Ref{Tenant: request.Tenant, ID: connector.NewID()},
		Provider: connector.GitHubCopilot,
		Account:  request.Account, AccountID: result.AccountID,
		Progress: connector.Progress{
			Plan:         result.Account.Plan,
			Status:       connector.StatusBackfilling,
			Capabilities: result.Capabilities,
			Granted:      result.Capabilities,
			Backfill:     l.Backfill(request.Account.Scope, calendar.DateOf(now)),
		},
		Phase:      connector.Saving,
		Settings:   connector.Settings{IdleAfterDays: request.IdleAfterDays, NotifyEmails: request.NotifyEmails},
		Outbox:     connector.Outbox{Uninvited: request.NotifyEmails},
		Credential: credentialOf(result),
		CreatedAt:  now,
		UpdatedAt:  now,
	}
	c.Record(l.Now(), request.Actor, audit.Saved, fmt.Sprintf("%s %s on %s, token %s", c.Scope, c.Slug, c.Host, c.Credential.Fingerprint))
	return c
}

// credentialOf is what verification has told of a token that was just pasted.
func credentialOf(result verify.Result) connector.Credential {
	credential := connector.Credential{
		Kind: result.Credential.Kind, Scopes: result.Credential.Scopes, ExpiresAt: result.Credential.ExpiresAt,
		Fingerprint: result.Credential.Fingerprint, RotatedAt: result.VerifiedAt,
		ExpiryUnreadable: result.Credential.ExpiryUnreadable, ExpiryDisproved: result.Credential.ExpiryDisproved,
	}
	if login := result.Credential.Login; login != nil {
		credential.Login = *login
	}
	return credential
}

// store makes the connector live: it takes the account, stores the token, and only then shows the connector.
func (l Lifecycle) store(ctx context.Context, c *connector.Connector, token credential.Token) (*connector.Connector, error) {
	ctx, cancel := context.WithTimeout(ctx, storedWithin)
	defer cancel()
	if err := l.create(ctx, c); err != nil {
		return nil, err
	}
	if err := l.Vault.Put(ctx, c.Tenant, c.ID, token); err != nil {
		return nil, err
	}
	gone := &fault.Error{Code: fault.Conflict, Op: "save connector", Err: errors.New("it was cleared away meanwhile")}
	live, err := l.Store.Change(ctx, c.Ref, func(c *connector.Connector) error {
		if c.Phase == connector.Deleting {
			return gone
		}
		c.Phase = connector.Live
		return nil
	})
	if err == nil && live == nil {
		return nil, gone
	}
	return live, err
}

// create takes the account for the connector, if need be from one whose Save has died.
func (l Lifecycle) create(ctx context.Context, c *connector.Connector) error {
	holder, err := l.Store.Create(ctx, c)
	if err == nil && holder != nil && l.died(holder) {
		if _, err := l.clear(ctx, holder); err != nil {
			return err
		}
		holder, err = l.Store.Create(ctx, c)
	}
	if err == nil && holder != nil {
		return &Exists{ID: holder.ID}
	}
	return err
}

func (l Lifecycle) died(c *connector.Connector) bool {
	return c.Phase == connector.Saving && l.Now().Sub(c.CreatedAt) > savedWithin
}

// undo takes back a Save that failed on its way. What it cannot take back is cleared away by the next poll, or by the
// next Save for the account. Where the connector is live after all, only the answer having been lost, it returns that.
func (l Lifecycle) undo(ctx context.Context, c *connector.Connector) (live *connector.Connector) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoneWithin)
	defer cancel()
	live, err := l.clear(ctx, c)
	if err != nil {
		l.Log.WarnContext(ctx, "a failed save is left for the next poll to clear away", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
	return live
}

// clear removes a connector that never became live, with whatever token it may have; where it has become live meanwhile,
// it returns that. First it is Deleting, which whoever is about to make it live finds to be a conflict. The token goes
// before the connector, without which nobody would know of it.
func (l Lifecycle) clear(ctx context.Context, c *connector.Connector) (live *connector.Connector, err error) {
	current, err := l.Store.Retire(ctx, c.Ref, func(c *connector.Connector) error {
		if c.Phase == connector.Saving {
			c.Phase = connector.Deleting
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case current != nil && current.Phase == connector.Live:
		return current, nil
	}
	if err := l.Vault.Delete(ctx, c.Tenant, c.ID); err != nil {
		return nil, err
	}
	return nil, l.Store.Remove(ctx, c)
}
