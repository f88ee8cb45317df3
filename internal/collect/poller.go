package collect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Poller queues a task for each connector.
type Poller struct {
	Store interface {
		Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error)
	}
	Queue interface {
		Send(ctx context.Context, tasks ...connector.Task) error
	}
	Now func() time.Time
}

// pageOfDue is how many connectors are listed and queued at a time.
const pageOfDue = 1000

// Poll queues all connectors for the poll of an instant, and returns how many. If a page cannot be queued, the others still are, and the
// page is not counted. After an error call it again, because a task that comes twice does no harm. It returns the error of
// calendar.CheckSchedule if the instant is too far from the clock.
func (p Poller) Poll(ctx context.Context, scheduledFor time.Time) (queued int, err error) {
	if err := calendar.CheckSchedule(scheduledFor, p.Now()); err != nil {
		return 0, err
	}
	var after connector.Ref
	began, endless := p.Now(), 0
	for {
		page, listErr := p.Store.Due(ctx, after, pageOfDue)
		if listErr != nil {
			return queued, errors.Join(err, fmt.Errorf("find connectors due: %w", listErr))
		}
		tasks := make([]connector.Task, len(page))
		for i, due := range page {
			tasks[i] = connector.Task{Tenant: due.Tenant, Connector: due.ID, ScheduledFor: scheduledFor, Reason: connector.ReasonDaily}
			if due.Endless {
				tasks[i].AppTurn = appTurn(began, endless)
				endless++
			}
		}
		if sendErr := p.Queue.Send(ctx, tasks...); sendErr == nil {
			queued += len(page)
		} else if err == nil {
			err = fmt.Errorf("queue connectors due: %w", sendErr)
		}
		if len(page) < pageOfDue {
			return queued, err
		}
		after = page[len(page)-1].Ref
	}
}
