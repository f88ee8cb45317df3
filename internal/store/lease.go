package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Acquire gives owner the lease of a connector until an instant, unless somebody else has it. The lease does not stop a run that
// works past that instant. Then two runs may work at once, and the versions of the days keep them apart.
func (s *Store) Acquire(ctx context.Context, ref connector.Ref, owner string, until time.Time) (bool, error) {
	held, err := s.Table.Get(ctx, leaseKey(ref))
	if err != nil {
		return false, err
	}
	lease := Item{Key: leaseKey(ref), Body: []byte(owner), Expires: until}
	if held != nil {
		if string(held.Body) != owner {
			return false, nil
		}
		lease.Version = held.Version
	}
	err = s.Table.Put(ctx, lease)
	if errors.Is(err, ErrChanged) {
		return false, nil
	}
	return err == nil, err
}

// Release ends owner's lease of a connector.
func (s *Store) Release(ctx context.Context, ref connector.Ref, owner string) error {
	held, err := s.Table.Get(ctx, leaseKey(ref))
	if err != nil || held == nil || string(held.Body) != owner {
		return err
	}
	if err := s.Table.Delete(ctx, *held); !errors.Is(err, ErrChanged) {
		return err
	}
	return nil
}
