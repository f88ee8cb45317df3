package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
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
	result := l.Verifier.Verify(ctx, verify.Request{Account: c.Account, Token: token, IdleAfterDays: c.IdleAfterDays})
	if result.Unasked != nil {
		return nil, &Unasked{Err: result.Unasked}
	}
	if checks, ok := fit(c, result); !ok {
		result.Checks, result.OK = checks, false
		return nil, &Refused{Result: result}
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
		if c.Phase != connector.Live {
			return nil
		}
		before, status := c.Credential, c.Status
		c.Credential = credentialOf(result)
		if c.Credential.Fingerprint == before.Fingerprint {
			c.Credential.RotatedAt = before.RotatedAt // it was pasted then
		}
		c.Granted, c.Capabilities = c.Granted.Widened(result.Capabilities), result.Capabilities
		c.UpdatedAt = result.VerifiedAt
		if result.OK {
			c.StatusReason, c.Status = "", connector.StatusActive
			if c.Backfill != nil {
				c.Status = connector.StatusBackfilling
			}
		}
		now := l.Now()
		c.Record(now, actor, connector.ActionRotated, fmt.Sprintf("from %s to %s", before.Fingerprint, c.Credential.Fingerprint))
		if c.Status != status {
			c.Record(now.Add(time.Nanosecond), actor, connector.ActionStatusChanged, fmt.Sprintf("%s → %s", status, c.Status))
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

// fit says whether a token can take the place of the connector's, and returns the checks with those failing that say why
// not: it is not usable, or may not read what the token in use could.
func fit(c *connector.Connector, result verify.Result) (checks []verify.Check, ok bool) {
	if !result.OK && !result.AccountsFault {
		return result.Checks, false
	}
	checks, ok = slices.Clone(result.Checks), true
	if result.AccountsFault {
		return checks, true // it shows nothing of the token
	}
	had := c.Granted.Widened(c.Capabilities)
	for check, what := range map[verify.CheckID]access.Capability{
		verify.CheckUsers: access.Users, verify.CheckSeats: access.Seats, verify.CheckBilling: access.Billing,
	} {
		if had.Of(what) != access.OK || result.Capabilities.Of(what) != access.Denied {
			continue
		}
		ok = false
		at := slices.IndexFunc(checks, func(c verify.Check) bool { return c.ID == check })
		checks[at] = checks[at].Lost(what, access.Wanted{Account: c.Account, Billing: had.Billing == access.OK})
	}
	return checks, ok
}
