package lifecycle

import (
	"cmp"
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

// Request is the administrator's input.
type Request struct {
	verify.Request
	Tenant       string
	NotifyEmails []string
	Actor        string // the person who calls, for the audit
}

// Refused is the error of a failed verification. The checks say why it failed.
type Refused struct{ Result verify.Result }

func (r *Refused) Error() string { return "verification failed" }

// Exists is the error of a Save for an account for which the tenant already has a connector.
type Exists struct{ ID string }

func (e *Exists) Error() string { return fmt.Sprintf("the account has the connector %s", e.ID) }

// Unasked is the error of a verification that could not ask GitHub: fault.Unreachable, OutOfTime or RateLimited.
type Unasked struct{ Err *fault.Error }

func (u *Unasked) Error() string { return "verify: " + u.Err.Error() }

// Unwrap returns the cause.
func (u *Unasked) Unwrap() error { return u.Err }

const (
	// storedWithin limits the time after the verification, which has its own limit of 20 s.
	storedWithin = 30 * time.Second

	// undoneWithin limits the time for undoing a Save that failed.
	undoneWithin = 5 * time.Second

	// savedWithin is longer than a Save can take. A Save that is unfinished after this time has crashed, and another Save
	// may clear its connector away.
	savedWithin = 2 * time.Minute
)

// Save verifies the token and stores the connector; queued tasks then read its days. It fails with *Refused, *Exists,
// *Unasked, *TooManyInvitations, or with the *fault.Error of our own store or vault.
func (l Lifecycle) Save(ctx context.Context, request Request) (*connector.Connector, error) {
	if request.Account.Slug != "" && request.Account.Scope != "" { // else an installation says whose it is, and create finds the holder
		if holder, err := l.Store.Holder(ctx, request.Tenant, connector.GitHubCopilot, request.Account); err != nil {
			return nil, err
		} else if holder != nil && !l.died(holder) {
			return nil, &Exists{ID: holder.ID}
		}
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
		// The connector is saved anyway; the next poll reads its days.
		l.Log.WarnContext(ctx, "backfill not queued", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
	return live, nil
}

func (l Lifecycle) newConnector(request Request, result verify.Result) *connector.Connector {
	now, account := result.VerifiedAt, request.Account
	account.Scope, account.Slug = cmp.Or(account.Scope, result.Account.Scope), cmp.Or(account.Slug, result.Account.Slug)
	c := &connector.Connector{
		Ref:      connector.Ref{Tenant: request.Tenant, ID: connector.NewID()},
		Provider: connector.GitHubCopilot,
		Account:  account, AccountID: result.AccountID,
		Progress: connector.Progress{
			Plan:         result.Account.Plan,
			Status:       connector.StatusBackfilling,
			Capabilities: result.Capabilities,
			Granted:      result.Capabilities,
			Backfill:     l.Backfill(account.Scope, calendar.DateOf(now)),
		},
		Phase:      connector.Saving,
		Settings:   connector.Settings{IdleAfterDays: request.IdleAfterDays, NotifyEmails: request.NotifyEmails},
		Outbox:     connector.Outbox{Uninvited: request.NotifyEmails},
		Credential: credentialOf(result),
		CreatedAt:  now,
		UpdatedAt:  now,
	}
	c.Record(l.Now(), request.Actor, audit.Saved, fmt.Sprintf("%s %s on %s, %s", c.Scope, c.Slug, c.Host, named(c.Credential)))
	return c
}

// named returns what the audit calls a credential.
func named(c connector.Credential) string {
	switch {
	case c.Endless() && c.App != nil:
		return fmt.Sprintf("installation %d of CloudMonitor's App", c.App.ID)
	case c.Kind == credential.GitHubApp && c.App != nil:
		return fmt.Sprintf("GitHub App %s, %s", c.App.Slug, c.Fingerprint)
	}
	return "token " + c.Fingerprint
}

// credentialOf returns what verification found out about a token that was just pasted.
func credentialOf(result verify.Result) connector.Credential {
	credential := connector.Credential{
		Kind: result.Credential.Kind, Scopes: result.Credential.Scopes, ExpiresAt: result.Credential.ExpiresAt,
		Fingerprint: result.Credential.Fingerprint, RotatedAt: result.VerifiedAt,
		App:              result.Credential.Installation,
		ExpiryUnreadable: result.Credential.ExpiryUnreadable, ExpiryDisproved: result.Credential.ExpiryDisproved,
	}
	if key := result.Credential.KeyFingerprint; key != nil {
		credential.KeyFingerprint = string(*key)
	}
	if login := result.Credential.Login; login != nil {
		credential.Login = *login
	}
	return credential
}

// store makes the connector live. It claims the account, then stores the token, and only then shows the connector. An installation of
// the stack's App has nothing for the vault.
func (l Lifecycle) store(ctx context.Context, c *connector.Connector, token credential.Token) (*connector.Connector, error) {
	ctx, cancel := context.WithTimeout(ctx, storedWithin)
	defer cancel()
	if err := l.create(ctx, c); err != nil {
		return nil, err
	}
	if token.IsSecret() {
		if err := l.Vault.Put(ctx, c.Tenant, c.ID, token); err != nil {
			return nil, err
		}
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

// create claims the account for the connector, if necessary from a connector whose Save has crashed.
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

// undo reverts a Save that failed. The next poll, or the next Save for the account, clears away what undo cannot revert. If
// only the answer of the last write was lost and the connector is live, undo returns the connector.
func (l Lifecycle) undo(ctx context.Context, c *connector.Connector) (live *connector.Connector) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoneWithin)
	defer cancel()
	live, err := l.clear(ctx, c)
	if err != nil {
		l.Log.WarnContext(ctx, "a failed save is left for the next poll to clear away", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
	return live
}

// clear removes a connector that never became live, and its token if there is one. It returns the connector instead if it
// has become live in the meantime. clear first sets the phase Deleting, so that a Save that is about to make the connector
// live gets a conflict. It deletes the token before the connector, because without the connector nobody could find the token.
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
