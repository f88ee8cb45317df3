package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// abandonedAfter is the time after which an unfinished Save must have crashed.
const abandonedAfter = 10 * time.Minute

// strayAfter is the time after which nobody is about to use a secret in the vault of a connector that has none: a rotation is over by then.
const strayAfter = 2 * time.Minute

// dropStray removes a secret that a rotation from or to an installation of the stack's App has left in the vault.
func (c Collector) dropStray(ctx context.Context, conn *connector.Connector) error {
	if conn.StraySecret.IsZero() || !conn.Credential.Endless() || c.Now().Sub(conn.StraySecret) < strayAfter {
		return nil
	}
	if err := c.Vault.Delete(ctx, conn.Tenant, conn.ID); err != nil {
		return err
	}
	_, err := c.Store.Change(ctx, conn.Ref, func(now *connector.Connector) error {
		if now.StraySecret.Equal(conn.StraySecret) {
			now.StraySecret = time.Time{}
		}
		return nil
	})
	return err
}

// clearAway removes what a crashed Save or Delete has left. It first makes the connector Deleting, so that a Save that is still running
// gets a conflict. It removes the token before the connector, because without the connector nobody would find the token.
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
	if err != nil || conn == nil || conn.Phase == connector.Live {
		return err
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
