package cost

import (
	"math/big"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// project computes the end of the month: credits at the pace of the days with data, seats as they are held last, and the billed amount
// at the pace of the bill.
func (f Facts) project(m *Month) *Projection {
	p := &Projection{SeatCost: f.Prices.Money(f.Seats.undivided(f.Period.End()).seatCost(f.Prices))}
	var used *metrics.Credits
	if m.Credits.Used != nil {
		perDay := big.NewRat(int64(*m.Credits.Used), int64(m.Credits.DaysWithData))
		used = new(metrics.Credits(money.Round(perDay.Mul(perDay, big.NewRat(int64(f.Period.Days()), 1)))))
		p.CreditsUsed = new(hundredths(*used))
	}
	gross, net := f.billedSums()
	if net == nil {
		p.TotalSpend = p.SeatCost
		return p
	}
	pool := f.pool(m.Credits.Included)
	if gross.Sign() == 0 && net.Sign() == 0 { // the bill shows no pace yet
		p.Billed = f.Prices.Money(f.beyond(used, pool))
	} else {
		p.Billed = f.Prices.Money(f.goesOn(gross, net, pool))
	}
	if p.Billed != nil {
		p.TotalSpend = Spend(p.SeatCost, p.Billed)
	}
	return p
}

// hundredths rounds credits for a projection. More digits would suggest a precision that it does not have.
func hundredths(c metrics.Credits) metrics.Credits {
	const hundredth = creditUnit / 100
	return (c + hundredth/2) / hundredth * hundredth
}

// pool returns the value of the included credits, or nil if unknown.
func (f Facts) pool(included *int64) *big.Rat {
	if included == nil {
		return nil
	}
	return f.Prices.CreditValue(big.NewRat(*included, 1))
}

// beyond returns the value of credits beyond the pool, or nil if either is unknown.
func (f Facts) beyond(used *metrics.Credits, pool *big.Rat) *big.Rat {
	if used == nil || pool == nil {
		return nil
	}
	return atLeastNothing(minus(f.Prices.CreditValue(ratOf(*used)), pool))
}

// goesOn returns the bill at the month's end, at the pace from the month's beginning until the bill was read. The billed part continues
// at its pace. The part that the pool has covered also continues, and is billed when the pool is used up. If the pool is unknown, it
// counts as used up as soon as something is billed. The result is nil if this is not possible.
func (f Facts) goesOn(gross, net, pool *big.Rat) *big.Rat {
	further := f.further(atLeastNothing(gross))
	switch {
	case further == nil, pool == nil && net.Sign() <= 0:
		return nil
	case pool == nil:
		return plus(net, further)
	}
	covered := atLeastNothing(minus(gross, net))
	coveredOn := f.further(covered)
	if coveredOn.Cmp(further) > 0 { // GitHub has credited more than it billed
		coveredOn = further
	}
	left := atLeastNothing(minus(pool, covered))
	billedOn := plus(minus(further, coveredOn), atLeastNothing(minus(coveredOn, left)))
	return plus(net, billedOn)
}

// further returns what will be added until the month's end, if amount was added until the bill was read. It counts at least one day. It
// returns nil if the time of the reading is unknown.
func (f Facts) further(amount *big.Rat) *big.Rat {
	if f.Bill.ReadAt.IsZero() {
		return nil
	}
	const day = 24 * time.Hour
	month := time.Duration(f.Period.Days()) * day
	elapsed := min(max(f.Bill.ReadAt.Sub(f.Period.From.Start()), day), month)
	return new(big.Rat).Mul(amount, big.NewRat(int64(month-elapsed), int64(elapsed)))
}

// atLeastNothing returns an amount, or 0 if the amount is negative.
func atLeastNothing(amount *big.Rat) *big.Rat {
	if amount.Sign() < 0 {
		return nothing
	}
	return amount
}

// minus returns the difference of two amounts. It is nil, for unknown, if either is.
func minus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Sub(a, b)
}
