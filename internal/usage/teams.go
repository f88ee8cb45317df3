package usage

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// TeamTotals returns what the people of each team did in the months of a range, and who was in which team.
func (r Reader) TeamTotals(ctx context.Context, c *connector.Connector, days calendar.Range) (*ledger.TeamRange, error) {
	return r.Store.TeamTotals(ctx, c.Ref, days)
}

// ActiveDays returns who was active in a range, and its days, one for each date. whole reports whether everybody is known.
func (r Reader) ActiveDays(ctx context.Context, c *connector.Connector, days calendar.Range) (active *ledger.Active, list []metrics.Day, whole bool, err error) {
	active, err = r.Store.ActiveDays(ctx, c.Ref, days)
	if err != nil {
		return nil, nil, false, err
	}
	return active, r.fill(c, days, active.Days), everybodyKnown(active, days), nil
}
