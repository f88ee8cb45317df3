package spend

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// Charges is the spend of a month with the quantities behind it.
type Charges struct {
	cost.Month
	Period        cost.Period
	Prices        cost.Prices                // what the amounts were computed with
	List          cost.Prices                // GitHub's own
	SeatDays      map[connector.Plan][]int64 // how many days of each plan are in the seat costs of ByTeam; nil where those are
	BilledCredits map[string]int64           // billed beyond the pool, by model, in millionths; nil where they are not told
}

// plans are the plans whose seats can have a price.
var plans = []connector.Plan{connector.PlanBusiness, connector.PlanEnterprise}

// Charges returns the spend of a month with the quantities behind it.
func (r Reader) Charges(ctx context.Context, c *connector.Connector, period cost.Period) (*Charges, error) {
	facts, err := r.facts(ctx, c, period)
	if err != nil {
		return nil, err
	}
	charges := &Charges{Month: facts.Month(), Period: period, Prices: facts.Prices, List: cost.ListPrices(period.From)}
	if charges.SeatCost != nil {
		charges.SeatDays = map[connector.Plan][]int64{}
		for _, plan := range plans {
			charges.SeatDays[plan] = seatDays(facts, plan)
		}
	}
	if charges.Credits.Billed != nil {
		charges.BilledCredits = billedCredits(facts)
	}
	return charges, nil
}

// noCurrency is ISO 4217's code where there is none. What is "paid" in it are quantities.
const noCurrency = "XXX"

// seatDays counts the seat-days of a plan, by the rows of ByTeam: where a month's seat of that plan costs as many cents as
// the month has days, and others nothing, the seats of a team cost their days.
func seatDays(facts cost.Facts, plan connector.Plan) []int64 {
	facts.Prices = cost.Prices{Currency: noCurrency, Plans: map[connector.Plan]cost.PlanPrice{}}
	for _, other := range plans {
		facts.Prices.Plans[other] = cost.PlanPrice{Seat: new(cost.Hundredths(0))}
	}
	facts.Prices.Plans[plan] = cost.PlanPrice{Seat: new(cost.Hundredths(int64(facts.Period.Days())))}
	rows := facts.Month().ByTeam
	days := make([]int64, len(rows))
	for i, row := range rows {
		days[i] = row.SeatCost.Cents
	}
	return days
}

// billedCredits are the credits of the bill, by model: where a credit costs 10,000, what is billed is, in cents, the
// millionths of the credits.
func billedCredits(facts cost.Facts) map[string]int64 {
	facts.Prices = cost.Prices{Currency: noCurrency, Credit: new(cost.Hundredths(10_000_00))}
	models := facts.Month().ByModel
	if models.Basis != cost.BasisDollars {
		return nil
	}
	credits := map[string]int64{}
	for _, row := range models.Rows {
		credits[row.Name] = row.Billed.Cents
	}
	return credits
}
