package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// abandonedAfter is the time after which an unfinished Save must have crashed.
const abandonedAfter = 10 * time.Minute

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
