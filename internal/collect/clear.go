package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// abandonedAfter is how long a Save can take at most before it must have died.
const abandonedAfter = 10 * time.Minute

// clearAway ends what a crash has left: a Save that never came to its end, or a Delete. The token goes first, for
// without the connector nobody would know of it.
func (c Collector) clearAway(ctx context.Context, conn *connector.Connector) error {
	if conn.Phase == connector.Saving && c.Now().Sub(conn.CreatedAt) < abandonedAfter {
		return nil // it may be under way; the next poll looks again
	}
	if err := c.Vault.Delete(ctx, conn.Tenant, conn.ID); err != nil {
		return err
	}
	if err := c.Recipients.Forget(ctx, conn.Ref); err != nil {
		return err
	}
	return c.Store.Remove(ctx, conn)
}
