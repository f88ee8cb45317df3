package cost

import (
	"maps"
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// included returns the pool: the credits of everybody who held a seat in the month. A new seat enlarges the pool at once. A seat that
// was given up leaves it in the next month.
func (f Facts) included(held tally) *int64 {
	if !held.known {
		return nil
	}
	var pool int64
	seats := maps.Clone(held.unnamed)
	for plan, n := range held.people {
		seats[plan] += n
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

// Pool returns the credits that seats, one for each person, add for a month, or nil if unknown.
func Pool(seats []seat.Seat, notListed int, prices money.Prices) *int64 {
	held := tally{known: true, unnamed: map[copilot.Plan]int64{seat.SharedPlan(seats): int64(notListed)}}
	for i := range seats {
		held.unnamed[seats[i].Plan]++
	}
	return Facts{Prices: prices}.included(held)
}

// OnBill returns the used credits on GitHub's bill, and the amount billed beyond the pool. They are nil if unknown.
func (f Facts) OnBill() (used *metrics.Credits, billed *money.Money) {
	credits, _ := f.wholeBill()
	return creditsOf(credits), f.billed()
}

// creditUnit is the number of units of metrics.Credits in a credit.
const creditUnit = 1_000_000

// ratOf returns credits as an exact number.
func ratOf(c metrics.Credits) *big.Rat { return big.NewRat(int64(c), creditUnit) }

// creditsOf rounds an exact number of credits. nil stays nil.
func creditsOf(r *big.Rat) *metrics.Credits {
	if r == nil {
		return nil
	}
	return new(metrics.Credits(money.Round(new(big.Rat).Mul(r, big.NewRat(creditUnit, 1)))))
}

// plus returns the sum of two amounts. It is nil, for unknown, if either is.
func plus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}
