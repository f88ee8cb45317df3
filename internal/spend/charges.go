package spend

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Charges is the spend of a month with the quantities behind it.
type Charges struct {
	cost.Month
	Period   cost.Period
	Prices   money.Prices   // the prices with which the amounts were computed
	List     money.Prices   // GitHub's own prices
	Overages []cost.Overage // nil if the bill is unknown
}

// Charges returns the spend of a month with the quantities behind it.
func (r Reader) Charges(ctx context.Context, c *connector.Connector, period cost.Period) (*Charges, error) {
	facts, err := r.facts(ctx, c, period, true)
	if err != nil {
		return nil, err
	}
	return &Charges{
		Month: facts.Month(), Period: period, Prices: facts.Prices, List: money.ListPrices(period.From), Overages: facts.Overages(),
	}, nil
}
