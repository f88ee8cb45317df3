package collect

import (
	"context"
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Poller queues a task for each connector.
type Poller struct {
	Store interface {
		Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Ref, error)
	}
	Queue interface {
		Send(ctx context.Context, tasks ...connector.Task) error
	}
}

// pageOfDue is how many connectors are listed and queued at a time.
const pageOfDue = 1000

// Poll queues all connectors for the poll of that instant and tells how many. After an error some may be queued; to do
// it all again does no harm.
func (p Poller) Poll(ctx context.Context, scheduledFor time.Time) (queued int, err error) {
	var after connector.Ref
	for {
		refs, err := p.Store.Due(ctx, after, pageOfDue)
		if err != nil {
			return queued, fmt.Errorf("find connectors due: %w", err)
		}
		tasks := make([]connector.Task, len(refs))
		for i, ref := range refs {
			tasks[i] = connector.Task{Tenant: ref.Tenant, Connector: ref.ID, ScheduledFor: scheduledFor, Reason: connector.ReasonDaily}
		}
		if err := p.Queue.Send(ctx, tasks...); err != nil {
			return queued, fmt.Errorf("queue connectors due: %w", err)
		}
		queued += len(refs)
		if len(refs) < pageOfDue {
			return queued, nil
		}
		after = refs[len(refs)-1]
	}
}
