package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Acquire lets owner work on a connector alone until an instant, unless another does. It is no fence: who works past
// that instant may meet another, and then the versions of the days keep the two apart.
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

// Release ends owner's work on a connector.
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
