package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// Rotate replaces the token in use, after GitHub has shown that the new one reads the same account equally well. It accepts
// the token even if something is wrong with the account itself. It returns nil if there is no such connector. It fails with
// *Refused, *Unasked, or with the *fault.Error of our own store or vault, and the old token stays in use. The one exception
// is a vault that failed: it may hold either token, and the next poll works with the one that it holds. While another rotation or a
// poll changes the vault, Rotate fails with fault.Conflict, and a later try succeeds.
func (l Lifecycle) Rotate(ctx context.Context, ref connector.Ref, token credential.Token, actor string) (*connector.Connector, error) {
	c, err := l.live(ctx, ref)
	if err != nil || c == nil {
		return nil, err
	}
	result, err := l.verifyFor(ctx, c, token)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.LimitHold(ctx)
	defer cancel()
	hold, err := l.hold(ctx, ref, token)
	if err != nil || hold.IsZero() { // the connector may have changed while we verified
		return nil, err
	}
	// If we crash before the event is stored, the log still says who rotated the token.
	l.Log.InfoContext(ctx, "token rotates", "tenant", ref.Tenant, "connector", ref.ID, "actor", actor)
	if token.IsSecret() {
		if err := l.Vault.Put(ctx, ref.Tenant, ref.ID, token); err != nil {
			l.release(ctx, ref, hold)
			return nil, err
		}
	}
	rotated, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		switch {
		case c.Phase != connector.Live:
			return nil
		case !c.ReleaseVault(hold):
			return errHeld
		}
		replaceCredential(c, result, actor, l.Now())
		if !c.StraySecret.IsZero() { // what is left to do still needs the hold
			c.VaultHeldUntil = hold
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case rotated == nil || rotated.Phase != connector.Live:
		// The connector was deleted in the meantime, perhaps before the vault got the new token.
		return nil, l.Vault.Delete(ctx, ref.Tenant, ref.ID)
	}
	if !rotated.StraySecret.IsZero() {
		l.dropStray(ctx, ref, hold)
	}
	l.pollSoon(ctx, rotated)
	return rotated, nil
}

// errHeld is the error of a rotation while another rotation or a poll changes what the vault holds.
var errHeld = &fault.Error{Code: fault.Conflict, Op: "rotate the token", Err: errors.New("another rotation or a poll changes the vault")}

// hold gets the hold on the vault, without which no rotation and no poll changes what the vault holds for a live connector. It returns zero
// if there is no such connector. An installation of the stack's App is not a secret. Before a secret takes its place, the connector
// notes that the vault may hold a secret. If we crash before the connector uses the secret, a poll clears it away.
func (l Lifecycle) hold(ctx context.Context, ref connector.Ref, token credential.Token) (hold time.Time, err error) {
	_, err = l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		hold = time.Time{}
		if c.Phase != connector.Live {
			return nil
		}
		var free bool
		if hold, free = c.HoldVault(l.Now()); !free {
			return errHeld
		}
		if token.IsSecret() && c.Credential.Endless() {
			c.StraySecret = l.Now().UTC()
		}
		return nil
	})
	return hold, err
}

// release ends a hold early. If it fails, the hold ends by itself.
func (l Lifecycle) release(ctx context.Context, ref connector.Ref, hold time.Time) {
	if _, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error { c.ReleaseVault(hold); return nil }); err != nil {
		l.Log.WarnContext(ctx, "the next rotation may have to wait", "tenant", ref.Tenant, "connector", ref.ID, "error", err)
	}
}

// dropStray removes the secret that an installation of the stack's App has replaced. The note of it stays for a poll, which removes the
// secret once more: it is there again if the tokens move to another vault and it was being copied. After a failure the hold goes on,
// because the vault may still be about to remove the secret.
func (l Lifecycle) dropStray(ctx context.Context, ref connector.Ref, hold time.Time) {
	if err := l.Vault.Delete(ctx, ref.Tenant, ref.ID); err != nil {
		l.Log.WarnContext(ctx, "the former secret is left for the next poll to clear away", "tenant", ref.Tenant, "connector", ref.ID, "error", err)
		return
	}
	l.release(ctx, ref, hold)
}

// verifyFor verifies a token that will replace the connector's token. It fails with *Unasked or *Refused.
func (l Lifecycle) verifyFor(ctx context.Context, c *connector.Connector, token credential.Token) (verify.Result, error) {
	result := l.Verifier.Verify(ctx, verify.Request{
		Account: c.Account, AccountID: c.AccountID, Token: token, IdleAfterDays: c.IdleAfterDays, Billing: c.Wanted().Billing,
	})
	if result.Unasked != nil {
		return result, &Unasked{Err: result.Unasked}
	}
	if checks, ok := fit(c, result); !ok {
		for i := range checks {
			checks[i] = checks[i].Under(c.Veil())
		}
		result.Checks, result.OK = checks, false
		return result, &Refused{Result: result}
	}
	return result, nil
}

// replaceCredential stores in the connector what is known about the token that the vault holds now.
func replaceCredential(c *connector.Connector, result verify.Result, actor string, now time.Time) {
	before, status := c.Credential, c.Status
	c.Credential = credentialOf(result)
	switch { // an installation leaves the former secret in the vault; a secret is used from now on
	case !c.Credential.Endless():
		c.StraySecret = time.Time{}
	case !before.Endless():
		c.StraySecret = now.UTC()
	}
	if c.Credential.Fingerprint == before.Fingerprint {
		c.Credential.RotatedAt = before.RotatedAt // it was pasted then
	} else {
		c.Record(now, actor, audit.Rotated, fmt.Sprintf("from %s to %s", before.Fingerprint, c.Credential.Fingerprint))
	}
	c.AccountID = cmp.Or(c.AccountID, result.AccountID)
	c.Granted, c.Capabilities = c.Granted.Widened(result.Capabilities), result.Capabilities
	c.UpdatedAt = result.VerifiedAt
	if result.OK {
		c.StatusReason, c.Status = "", connector.StatusActive
		if c.Backfill != nil {
			c.Status = connector.StatusBackfilling
		}
	}
	if c.Status != status {
		c.Record(now.Add(time.Nanosecond), actor, audit.StatusChanged, fmt.Sprintf("%s → %s", status, c.Status))
	}
}

// live returns the connector if it is live, and otherwise nil.
func (l Lifecycle) live(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	c, err := l.Store.Connector(ctx, ref)
	if err != nil || c == nil || c.Phase != connector.Live {
		return nil, err
	}
	return c, nil
}

// pollSoon queues a poll, which reads the days that were missed and judges the status. If it fails, the next daily poll
// does this.
func (l Lifecycle) pollSoon(ctx context.Context, c *connector.Connector) {
	task := connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: l.Now().UTC(), Reason: connector.ReasonAsked}
	if err := l.Queue.Send(ctx, task); err != nil {
		l.Log.WarnContext(ctx, "poll not queued", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
}

// kept lists the capabilities that a new token must have if the token in use had them, and the check that reports each.
// Usage is not in the list because every token needs it.
var kept = []struct {
	check verify.CheckID
	what  access.Capability
}{
	{verify.CheckUsers, access.Users},
	{verify.CheckSeats, access.Seats},
	{verify.CheckBilling, access.Billing},
}

// fit reports whether a token can replace the connector's token. It returns the checks; a failed check says why not: the
// token is unusable, or cannot read what the token in use could.
func fit(c *connector.Connector, result verify.Result) (checks []verify.Check, ok bool) {
	if !result.OK || result.AccountsFault { // the result then does not show what else the token may read
		return result.Checks, result.AccountsFault
	}
	checks, ok = slices.Clone(result.Checks), true
	had := c.Held().Reads
	for _, k := range kept {
		if had.Of(k.what) != access.OK || result.Capabilities.Of(k.what) != access.Denied {
			continue
		}
		ok = false
		at := slices.IndexFunc(checks, func(check verify.Check) bool { return check.ID == k.check })
		checks[at] = checks[at].Lost(k.what, c.Wanted())
	}
	return checks, ok
}
