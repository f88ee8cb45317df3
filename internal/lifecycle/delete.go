package lifecycle

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Delete destroys a connector's token at once, hides the connector, and queues a task that purges its data. It reports
// whether there was such a connector. It can be repeated after a failure; the next poll clears away what a failure left.
func (l Lifecycle) Delete(ctx context.Context, ref connector.Ref, actor string) (found bool, err error) {
	c, err := l.Store.Connector(ctx, ref)
	if err != nil || c == nil || c.Phase == connector.Saving {
		return false, err
	}
	// The connector's own events are purged with it, so only the log keeps who deleted it.
	l.Log.InfoContext(ctx, "connector is deleted", "tenant", ref.Tenant, "connector", ref.ID, "actor", actor)
	// From here on the API does not show the connector, and no poll of it begins.
	if _, err := l.Store.Retire(ctx, ref, func(c *connector.Connector) error {
		if c.Phase != connector.Deleting {
			c.Phase = connector.Deleting
			c.Record(l.Now(), actor, audit.Deleted, "")
		}
		return nil
	}); err != nil {
		return true, err
	}
	if err := l.Vault.Delete(ctx, ref.Tenant, ref.ID); err != nil {
		return true, err
	}
	task := connector.Task{Tenant: ref.Tenant, Connector: ref.ID, ScheduledFor: l.Now().UTC(), Reason: connector.ReasonDeleted}
	if err := l.Queue.Send(ctx, task); err != nil {
		l.Log.WarnContext(ctx, "purge not queued", "tenant", ref.Tenant, "connector", ref.ID, "error", err)
	}
	return true, nil
}
