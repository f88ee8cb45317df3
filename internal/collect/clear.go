package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// abandonedAfter is how long a Save can take at most before it must have died.
const abandonedAfter = 10 * time.Minute

// clearAway ends what a crash has left: a Save that never came to its end, or a Delete. First it is Deleting, which a Save
// that is about to come to its end after all finds to be a conflict. The token goes before the connector, without which
// nobody would know of it.
func (c Collector) clearAway(ctx context.Context, task connector.Task, conn *connector.Connector) error {
	if conn.Phase == connector.Saving && c.Now().Sub(conn.CreatedAt) < abandonedAfter {
		return nil // it may be under way; the next poll looks again
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
	if fault.Is(err, fault.Conflict) { // a run is under way on it
		return c.Queue.SendLater(ctx, task, whileBusy)
	}
	return err
}
