package cost

import (
	"math/big"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// project says how the month will end: credits used as on the days with data so far, seats as they are held last, and
// billed what the bill's own pace then adds beyond the pool.
func (f Facts) project(m *Month) *Projection {
	p := &Projection{SeatCost: f.Prices.Money(f.Seats.through(f.Period.End()).seatCost(f.Prices))}
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
	if gross.Sign() == 0 && net.Sign() == 0 { // the bill has no pace yet
		p.Billed = f.Prices.Money(f.beyond(used, pool))
	} else {
		p.Billed = f.Prices.Money(f.goesOn(gross, net, pool))
	}
	if p.Billed != nil {
		p.TotalSpend = Spend(p.SeatCost, p.Billed)
	}
	return p
}

// hundredths are credits as a projection shows them: more digits would tell of a precision that it does not have.
func hundredths(c metrics.Credits) metrics.Credits {
	const hundredth = creditUnit / 100
	return (c + hundredth/2) / hundredth * hundredth
}

// pool is what the included credits are worth; nil where that is not known.
func (f Facts) pool(included *int64) *big.Rat {
	if included == nil {
		return nil
	}
	return f.Prices.CreditValue(big.NewRat(*included, 1))
}

// beyond is what credits beyond the pool are worth; nil where either is not known.
func (f Facts) beyond(used *metrics.Credits, pool *big.Rat) *big.Rat {
	if used == nil || pool == nil {
		return nil
	}
	return atLeastNothing(minus(f.Prices.CreditValue(ratOf(*used)), pool))
}

// goesOn is the bill at the month's end, by the pace from the month's begin until it was read: what is billed, beside the
// pool or beyond, goes on to be, and of what the pool has covered so far as much as then exceeds what is left of it. Where the
// pool is not known, it is taken as used up once something is billed. It is nil where nobody can tell.
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
	if coveredOn.Cmp(further) > 0 { // more was taken back than billed
		coveredOn = further
	}
	left := atLeastNothing(minus(pool, covered))
	billedOn := plus(minus(further, coveredOn), atLeastNothing(minus(coveredOn, left)))
	return plus(net, billedOn)
}

// further is what comes until the month's end where an amount has come until the bill was read, for which a day is taken at
// least; nil: nobody knows when that was.
func (f Facts) further(amount *big.Rat) *big.Rat {
	if f.Bill.ReadAt.IsZero() {
		return nil
	}
	const day = 24 * time.Hour
	month := time.Duration(f.Period.Days()) * day
	elapsed := min(max(f.Bill.ReadAt.Sub(f.Period.From.Start()), day), month)
	return new(big.Rat).Mul(amount, big.NewRat(int64(month-elapsed), int64(elapsed)))
}

// atLeastNothing is an amount, or nothing where that is less.
func atLeastNothing(amount *big.Rat) *big.Rat {
	if amount.Sign() < 0 {
		return nothing
	}
	return amount
}

// minus subtracts an amount; nil, which is not known, makes the difference unknown.
func minus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Sub(a, b)
}
