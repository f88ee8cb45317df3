package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

const (
	// remover owns the lease of a connector that is being removed. Several may remove it at once.
	remover = "remove"

	// removedAtOnce bounds how many keys Remove holds, and removedWithin how long it takes for them.
	removedAtOnce = 1000
	removedWithin = 2 * time.Minute
)

// Remove takes a connector away for good, with all that it has gathered; its account is free at once. The token must be
// gone before. It can be repeated after a failure: the connector itself goes last. While somebody else has the lease,
// who might go on storing days, it fails with fault.Conflict.
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

// removeSome removes part of what a connector has gathered, and tells whether there may be more.
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
