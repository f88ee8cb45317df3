package lifecycle

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// Rotate puts another token in the place of the one in use, once GitHub has shown that it reads the same account as well.
// What is wrong with the account itself does not refuse it. It returns nil where there is no such connector, and fails
// with *Refused, *Unasked, or with the *fault.Error of our own store or vault; then the old token stays, but for a
// vault that failed, which may hold either: the next poll goes by what it holds.
func (l Lifecycle) Rotate(ctx context.Context, ref connector.Ref, token credential.Token, actor string) (*connector.Connector, error) {
	c, err := l.live(ctx, ref)
	if err != nil || c == nil {
		return nil, err
	}
	result, err := l.verifyFor(ctx, c, token)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, storedWithin)
	defer cancel()
	if c, err = l.live(ctx, ref); err != nil || c == nil { // verifying has taken a while
		return nil, err
	}
	// Should we die before the event is stored, the log tells who it was.
	l.Log.InfoContext(ctx, "token rotates", "tenant", ref.Tenant, "connector", ref.ID, "actor", actor)
	if err := l.Vault.Put(ctx, ref.Tenant, ref.ID, token); err != nil {
		return nil, err
	}
	rotated, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		if c.Phase == connector.Live {
			replaceCredential(c, result, actor, l.Now())
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case rotated == nil || rotated.Phase != connector.Live:
		// It was deleted meanwhile, perhaps before its token came back: nobody would know of that.
		return nil, l.Vault.Delete(ctx, ref.Tenant, ref.ID)
	}
	l.pollSoon(ctx, rotated)
	return rotated, nil
}

// verifyFor verifies a token that is to take the place of the connector's. It fails with *Unasked, or with *Refused.
func (l Lifecycle) verifyFor(ctx context.Context, c *connector.Connector, token credential.Token) (verify.Result, error) {
	result := l.Verifier.Verify(ctx, verify.Request{
		Account: c.Account, AccountID: c.AccountID, Token: token, IdleAfterDays: c.IdleAfterDays,
	})
	if result.Unasked != nil {
		return result, &Unasked{Err: result.Unasked}
	}
	if checks, ok := fit(c, result); !ok {
		result.Checks, result.OK = checks, false
		return result, &Refused{Result: result}
	}
	return result, nil
}

// replaceCredential tells the connector of the token that the vault holds now.
func replaceCredential(c *connector.Connector, result verify.Result, actor string, now time.Time) {
	before, status := c.Credential, c.Status
	c.Credential = credentialOf(result)
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

// live returns a connector that is live, nil where there is none.
func (l Lifecycle) live(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	c, err := l.Store.Connector(ctx, ref)
	if err != nil || c == nil || c.Phase != connector.Live {
		return nil, err
	}
	return c, nil
}

// pollSoon has the days read that were missed, and the status judged by them. Should it fail the next poll does.
func (l Lifecycle) pollSoon(ctx context.Context, c *connector.Connector) {
	task := connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: l.Now().UTC(), Reason: connector.ReasonAsked}
	if err := l.Queue.Send(ctx, task); err != nil {
		l.Log.WarnContext(ctx, "poll not queued", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
}

// kept are the capabilities that a new token must not lack where the one in use had them, beside the usage that it needs in
// any case, with the checks that tell of them.
var kept = []struct {
	check verify.CheckID
	what  access.Capability
}{
	{verify.CheckUsers, access.Users},
	{verify.CheckSeats, access.Seats},
	{verify.CheckBilling, access.Billing},
}

// fit reports whether a token can take the place of the connector's. It returns the checks, of which those fail that say why
// not: the token is not usable, or may not read what the one in use could.
func fit(c *connector.Connector, result verify.Result) (checks []verify.Check, ok bool) {
	if !result.OK || result.AccountsFault { // then it shows nothing of what else the token may read
		return result.Checks, result.AccountsFault
	}
	checks, ok = slices.Clone(result.Checks), true
	had := c.Granted.Widened(c.Capabilities)
	for _, k := range kept {
		if had.Of(k.what) != access.OK || result.Capabilities.Of(k.what) != access.Denied {
			continue
		}
		ok = false
		at := slices.IndexFunc(checks, func(check verify.Check) bool { return check.ID == k.check })
		checks[at] = checks[at].Lost(k.what, access.Wanted{Account: c.Account, Billing: had.Billing == access.OK})
	}
	return checks, ok
}
