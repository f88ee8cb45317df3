package usage

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// LastUse returns the last active day of each person in a range, and the last days of the range, one for each date. whole reports
// whether the people of each of these last days with numbers are known.
func (r Reader) LastUse(ctx context.Context, c *connector.Connector, days calendar.Range, lastDays int) (last *activity.LastUse, list []metrics.Day, whole bool, err error) {
	shown := calendar.Range{From: days.To - calendar.Date(lastDays) + 1, To: days.To}
	use, err := r.Store.LastUse(ctx, c.Ref, days, shown.From)
	if err != nil {
		return nil, nil, false, err
	}
	whole = true
	for i := range use.Days {
		whole = whole && use.Days[i].PeopleKnown() && !slices.Contains(use.Lacking, use.Days[i].Date)
	}
	return &use.LastUse, r.fill(c, shown, use.Days), whole, nil
}
