package cost

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// project says how the month will end: credits used as on the days with data so far, seats as they are held last, and
// billed what then exceeds the pool.
func (f Facts) project(m *Month) *Projection {
	p := &Projection{SeatCost: f.Prices.money(f.Seats.through(f.Period.End()).seatCost(f.Prices))}
	if used := m.Credits.Used; used != nil {
		perDay := big.NewRat(int64(*used), int64(m.Credits.DaysWithData))
		p.CreditsUsed = new(metrics.Credits(wholeUnits(perDay.Mul(perDay, big.NewRat(int64(f.Period.Days()), 1)))))
	}
	if m.Credits.Billed == nil {
		p.TotalSpend = p.SeatCost
		return p
	}
	p.Billed = f.projectBill(p.CreditsUsed, &m.Credits)
	p.TotalSpend = p.SeatCost.Add(p.Billed)
	return p
}

// projectBill is what the credits beyond the pool cost, but no less than is billed already.
func (f Facts) projectBill(used *metrics.Credits, c *Credits) *Money {
	if used == nil || c.Included == nil {
		return nil
	}
	beyond := new(big.Rat).Sub(ratOf(*used), big.NewRat(*c.Included, 1)) // below zero within the pool
	bill := f.Prices.money(f.Prices.creditValue(beyond))
	if bill != nil && bill.Cents < c.Billed.Cents {
		bill.Cents = c.Billed.Cents
	}
	return bill
}
