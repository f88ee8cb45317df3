package usage

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// LastUse returns when each was active last in a range of days, and the last days of the range, one a date. whole says that
// everybody is known by name on each of these last days with numbers.
func (r Reader) LastUse(ctx context.Context, c *connector.Connector, days calendar.Range, lastDays int) (last *activity.LastUse, list []metrics.Day, whole bool, err error) {
	use, err := r.Store.LastUse(ctx, c.Ref, days)
	if err != nil {
		return nil, nil, false, err
	}
	shown := calendar.Range{From: days.To - calendar.Date(lastDays) + 1, To: days.To}
	stored := use.Days
	for len(stored) > 0 && stored[0].Date < shown.From {
		stored = stored[1:]
	}
	whole = true
	for i := range stored {
		whole = whole && stored[i].PeopleKnown() && !slices.Contains(use.Lacking, stored[i].Date)
	}
	return &use.LastUse, r.fill(c, shown, stored), whole, nil
}
