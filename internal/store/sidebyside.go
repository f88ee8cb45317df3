package store

import (
	"context"
	"slices"
	"sync"
)

// sideBySide asks for all of the ranges at once, and returns their items in the order of the ranges. A table answers a query
// in steps of about a megabyte, one after the other: what is longer is asked for in several ranges.
func (s *Store) sideBySide(ctx context.Context, ranges []Range) ([]Item, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	found := make([][]Item, len(ranges))
	var wg sync.WaitGroup
	for i, r := range ranges {
		wg.Go(func() {
			for item, err := range s.Table.Query(ctx, r) {
				if err != nil {
					cancel(err) // the first counts
					return
				}
				found[i] = append(found[i], item)
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}
