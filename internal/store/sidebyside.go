package store

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// inParts divides the range of some days into ranges of at most so many days each.
func inParts(ref connector.Ref, days calendar.Range, atOnce calendar.Date, of func(connector.Ref, calendar.Range) Range) (ranges []Range) {
	for from := days.From; from <= days.To; from += atOnce {
		ranges = append(ranges, of(ref, calendar.Range{From: from, To: min(from+atOnce-1, days.To)}))
	}
	return ranges
}

// lagging lets the answers lag if the store may. The items must be such that a reader notices when they do not fit others that it has
// read, or they must name the others.
func (s *Store) lagging(ranges []Range) []Range {
	for i := range ranges {
		ranges[i].MayLag = s.MayLag
	}
	return ranges
}

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
