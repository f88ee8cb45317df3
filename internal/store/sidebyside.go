package store

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// sideBySide queries all ranges at the same time and returns their items in the order of the ranges. A table answers one query in steps
// of about a megabyte, one after the other. So the caller divides a longer range into several.
func (s *Store) sideBySide(ctx context.Context, ranges []Range) ([]Item, error) {
	found := make([][]Item, len(ranges))
	group, ctx := errgroup.WithContext(ctx)
	for i, r := range ranges {
		group.Go(func() error {
			for item, err := range s.Table.Query(ctx, r) {
				if err != nil {
					return err
				}
				found[i] = append(found[i], item)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}
