package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// abandonedAfter is the time after which an unfinished Save must have crashed.
const abandonedAfter = 10 * time.Minute

// strayAfter is how long a poll waits before it removes a stray secret. If the tokens were moving to another vault, the secret is copied by then.
const strayAfter = 2 * time.Minute

// dropStray removes a secret that a rotation from or to an installation of the stack's App has left in the vault. It decides anew when it
// gets the hold on the vault, because the connector may use a secret by now. If a rotation has the hold, a later poll looks again.
func (c Collector) dropStray(ctx context.Context, conn *connector.Connector) error {
	if !c.hasStray(conn) {
		return nil
	}
	ctx, cancel := conn.LimitHold(ctx)
	defer cancel()
	var hold time.Time
	held := false
	if _, err := c.Store.Change(ctx, conn.Ref, func(now *connector.Connector) error {
		if held = now.Phase == connector.Live && c.hasStray(now); held {
			hold, held = now.HoldVault(c.Now())
		}
		return nil
	}); err != nil || !held {
		return err
	}
	if err := c.Vault.Delete(ctx, conn.Tenant, conn.ID); err != nil {
		return err // the hold goes on, because the vault may still be about to remove the secret
	}
	_, err := c.Store.Change(ctx, conn.Ref, func(now *connector.Connector) error {
		if now.ReleaseVault(hold) {
			now.StraySecret = time.Time{}
		}
		return nil
	})
	return err
}

func (c Collector) hasStray(conn *connector.Connector) bool {
	return !conn.StraySecret.IsZero() && conn.Credential.Endless() && c.Now().Sub(conn.StraySecret) >= strayAfter
}

// clearAway removes what a crashed Save or Delete has left. It first makes the connector Deleting, so that a Save that is still running
// gets a conflict. It removes the token before the connector, because without the connector nobody would find the token. It waits for a
// rotation that may be about to put a token into the vault.
func (c Collector) clearAway(ctx context.Context, task connector.Task, conn *connector.Connector) error {
	if conn.Phase == connector.Saving && c.Now().Sub(conn.CreatedAt) < abandonedAfter {
		return nil // the Save may still be running; the next poll looks again
	}
	conn, err := c.Store.Retire(ctx, conn.Ref, func(c *connector.Connector) error {
		if c.Phase == connector.Saving {
			c.Phase = connector.Deleting
		}
		return nil
	})
	switch {
	case err != nil || conn == nil || conn.Phase == connector.Live:
		return err
	case conn.VaultHeld(c.Now()):
		return c.Queue.SendLater(ctx, task, whileBusy)
	}
	if err := c.Vault.Delete(ctx, conn.Tenant, conn.ID); err != nil {
		return err
	}
	if err := c.Recipients.Forget(ctx, conn.Ref); err != nil {
		return err
	}
	err = c.Store.Remove(ctx, conn)
	if fault.Is(err, fault.Conflict) { // a run is working on it
		return c.Queue.SendLater(ctx, task, whileBusy)
	}
	return err
}
