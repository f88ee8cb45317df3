package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

const (
	// remover is the owner of the lease of a connector that is being removed. Several runs may remove it at once.
	remover = "remove"

	// removedAtOnce bounds how many keys Remove holds at once, and removedWithin the time for them.
	removedAtOnce = 1000
	removedWithin = 2 * time.Minute
)

// Remove removes a connector for good, with all that it has collected. Its account is free at once. The token must have been removed
// before. After a failure it can be repeated, because it removes the connector itself last. It fails with fault.Conflict while
// somebody else has the lease, because that run might store more days.
func (s *Store) Remove(ctx context.Context, c *connector.Connector) error {
	_, err := s.Retire(ctx, c.Ref, func(c *connector.Connector) error {
		c.Phase = connector.Deleting
		return nil
	})
	for more := true; more && err == nil; {
		more, err = s.removeSome(ctx, c.Ref)
	}
	if err != nil {
		return err
	}
	if err := s.Table.DeleteAll(ctx, []Key{connectorKey(c.Ref)}); err != nil {
		return err
	}
	return s.Release(ctx, c.Ref, remover)
}

// removeSome removes a part of what a connector has collected, and reports whether there may be more.
func (s *Store) removeSome(ctx context.Context, ref connector.Ref) (more bool, err error) {
	free, err := s.Acquire(ctx, ref, remover, s.Now().Add(removedWithin))
	if err != nil {
		return false, err
	}
	if !free {
		return false, &fault.Error{Code: fault.Conflict, Op: "remove connector", Err: errors.New("it is being polled")}
	}
	var keys []Key
	for item, err := range s.Table.Query(ctx, Range{Partition: partition(ref), Limit: removedAtOnce}) {
		if err != nil {
			return false, err
		}
		if item.Key != leaseKey(ref) {
			keys = append(keys, item.Key)
		}
	}
	return len(keys) > 0, s.Table.DeleteAll(ctx, keys)
}
