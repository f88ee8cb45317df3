package dynamo

import (
	"context"
	"errors"
	"maps"
	"sync"

	"golang.org/x/time/rate"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// A partition takes 1,000 write units in a second and refuses what is above. So the sum of
// unitsAtOnce and unitsASecond must not exceed 1,000.
const (
	unitsAtOnce  = 400 // this many units do not wait; no item costs more
	unitsASecond = 600
	unitBytes    = 1024
)

// paces keep the writes of this process to each partition below what DynamoDB takes. All items of a connector are in one
// partition, and a day of 100,000 people has 7 MB.
type paces struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter // by partition; without those that have rested
}

// wait waits until a partition takes so many units more. They are at most unitsAtOnce.
func (p *paces) wait(ctx context.Context, op, partition string, units int) error {
	if err := p.of(partition).WaitN(ctx, units); err != nil {
		return &fault.Error{Code: fault.OutOfTime, Op: op, Err: errors.New("the partition takes no more in time")}
	}
	return nil
}

func (p *paces) of(partition string) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.all, func(of string, limit *rate.Limiter) bool { return of != partition && limit.Tokens() >= unitsAtOnce })
	limit := p.all[partition]
	if limit == nil {
		limit = rate.NewLimiter(unitsASecond, unitsAtOnce)
		p.all[partition] = limit
	}
	return limit
}

// units returns how many write units an item costs.
func units(item store.Item) int {
	const others = 100 // names and small attributes
	size := len(item.Body) + len(item.Partition) + len(item.Sort) + len(item.Listed.Index) + len(item.Listed.Sort) + others
	return (size + unitBytes - 1) / unitBytes
}
