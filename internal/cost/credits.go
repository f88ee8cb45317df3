package cost

import (
	"maps"
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// included is the pool: the credits of everybody who held a seat in the month. A new seat enlarges it at once, and one that
// was given up leaves it with the next month.
func (f Facts) included(held tally) *int64 {
	if !held.known {
		return nil
	}
	var pool int64
	seats := maps.Clone(held.unnamed)
	for _, plan := range held.people {
		seats[plan]++
	}
	for plan, n := range seats {
		credits := f.Prices.Plans[plan].Credits
		if credits == nil {
			return nil
		}
		pool += n * *credits
	}
	return &pool
}

// Pool is the credits that seats, one for each person, bring for a month; nil: not known.
func Pool(seats []seat.Seat, notListed int, prices money.Prices) *int64 {
	held := tally{known: true, unnamed: map[copilot.Plan]int64{seat.SharedPlan(seats): int64(notListed)}}
	for i := range seats {
		held.unnamed[seats[i].Plan]++
	}
	return Facts{Prices: prices}.included(held)
}

// OnBill returns the credits that were used by GitHub's bill, and what is billed of them beyond the pool; nil: not known.
func (f Facts) OnBill() (used *metrics.Credits, billed *money.Money) {
	credits, _ := f.wholeBill()
	return creditsOf(credits), f.billed()
}

// creditUnit is what credits are counted in: millionths.
const creditUnit = 1_000_000

// ratOf is credits as an exact number.
func ratOf(c metrics.Credits) *big.Rat { return big.NewRat(int64(c), creditUnit) }

// creditsOf rounds an exact number of credits; nil stays nil.
func creditsOf(r *big.Rat) *metrics.Credits {
	if r == nil {
		return nil
	}
	return new(metrics.Credits(money.Round(new(big.Rat).Mul(r, big.NewRat(creditUnit, 1)))))
}

// plus adds two amounts; nil, which is not known, makes the sum unknown.
func plus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}
