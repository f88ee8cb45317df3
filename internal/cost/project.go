package cost

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// project says how the month will end: credits used as on the days with data so far, seats as they are held last, and
// billed what then exceeds the pool or, once that is used up, whatever comes.
func (f Facts) project(m *Month) *Projection {
	p := &Projection{SeatCost: f.Prices.money(f.Seats.through(f.Period.End()).seatCost(f.Prices))}
	if used := m.Credits.Used; used != nil {
		perDay := big.NewRat(int64(*used), int64(m.Credits.DaysWithData))
		p.CreditsUsed = new(metrics.Credits(wholeUnits(perDay.Mul(perDay, big.NewRat(int64(f.Period.Days()), 1)))))
	}
	gross, net := f.billedSums()
	if net == nil {
		p.TotalSpend = p.SeatCost
		return p
	}
	billed := f.creditsBeyond(p.CreditsUsed, m.Credits.Included)
	if net.Sign() > 0 {
		billed = f.overageGoesOn(gross, net)
	}
	p.Billed = f.Prices.money(billed)
	p.TotalSpend = p.SeatCost.Add(p.Billed)
	return p
}

// creditsBeyond is what credits beyond the pool are worth; nil where either is not known.
func (f Facts) creditsBeyond(used *metrics.Credits, included *int64) *big.Rat {
	if used == nil || included == nil {
		return nil
	}
	beyond := new(big.Rat).Sub(ratOf(*used), big.NewRat(*included, 1))
	if beyond.Sign() < 0 {
		beyond = nothing
	}
	return f.Prices.creditValue(beyond)
}

// overageGoesOn is the bill at the month's end, of which nothing is inside the pool any more: what is billed, and for each
// day from the one on which it was read the mean of the days before.
func (f Facts) overageGoesOn(gross, net *big.Rat) *big.Rat {
	days := max(int64(connector.DateOf(f.Bill.ReadAt)-f.Period.From), 1)
	further := new(big.Rat).Mul(gross, big.NewRat(int64(f.Period.Days())-days, days))
	if further.Sign() < 0 {
		further = nothing
	}
	return plus(net, further)
}
