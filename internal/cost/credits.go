package cost

import (
	"maps"
	"math/big"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// CreditItem is a row of GitHub's usage report of AI credits, by GitHub's names. Amounts are in dollars; net is what is
// billed beyond the included pool. What is nil GitHub left out.
type CreditItem struct {
	Product          string   `json:"product"`
	SKU              string   `json:"sku"`
	Model            string   `json:"model"`
	UnitType         string   `json:"unitType"`
	PricePerUnit     *Decimal `json:"pricePerUnit"`
	GrossQuantity    *Decimal `json:"grossQuantity"`
	GrossAmount      *Decimal `json:"grossAmount"`
	DiscountQuantity *Decimal `json:"discountQuantity"`
	DiscountAmount   *Decimal `json:"discountAmount"`
	NetQuantity      *Decimal `json:"netQuantity"`
	NetAmount        *Decimal `json:"netAmount"`
}

// CreditBill is the rows of a month.
type CreditBill struct{ Items []CreditItem }

// billingCurrency is the currency of GitHub's bills.
const billingCurrency = "USD"

// billedUses are the rows of AI credits under names, without what else GitHub bills, such as the premium requests that were
// before credits. GitHub writes the unit as credits, and as ai-credits. It is not ok when any of them is not known.
func (f Facts) billedUses(name func(CreditItem) string) (uses []use, ok bool) {
	if f.Bill == nil {
		return nil, false
	}
	for _, item := range f.Bill.Items {
		unit, sku := strings.ToLower(item.UnitType), strings.ToLower(item.SKU)
		if !strings.Contains(unit, "credit") || strings.Contains(sku, "premium") {
			continue
		}
		billed := use{
			name:  name(item),
			gross: f.Prices.value(item.GrossQuantity, item.GrossAmount),
			net:   f.Prices.value(item.NetQuantity, item.NetAmount),
		}
		if item.GrossQuantity != nil {
			billed.credits = item.GrossQuantity.rat()
		}
		if billed.gross == nil || billed.net == nil {
			return nil, false
		}
		uses = append(uses, billed)
	}
	return uses, true
}

// value is what a row's quantity is worth: GitHub's own amount or, where another currency is agreed, the quantity at
// the agreed price.
func (p Prices) value(quantity, amount *Decimal) *big.Rat {
	switch {
	case p.Currency == billingCurrency && amount != nil:
		return amount.rat()
	case p.Currency != billingCurrency && quantity != nil:
		return p.creditValue(quantity.rat())
	}
	return nil
}

// onBill is money of a bill: GitHub's own is not estimated.
func (p Prices) onBill(cents int64) *Money {
	return &Money{Cents: cents, Currency: p.Currency, Estimated: p.Currency != billingCurrency}
}

// billed is what the bill asks for beyond the pool.
func (f Facts) billed() *Money {
	uses, ok := f.billedUses(modelOf)
	if !ok {
		return nil
	}
	sum := nothing
	for _, billed := range uses {
		sum = plus(sum, billed.net)
	}
	return f.Prices.onBill(wholeUnits(cents(sum)))
}

// used adds up the credits of the days with data, nil when there are none or one does not tell.
func (f Facts) used() (used *metrics.Credits, daysWithData int) {
	var sum metrics.Credits
	known := true
	for i := range f.Days {
		day := &f.Days[i]
		if day.State != metrics.Final && day.State != metrics.Provisional {
			continue
		}
		daysWithData++
		switch {
		case day.CreditsUsed != nil:
			sum += *day.CreditsUsed
		case day.ActiveUsers == nil || *day.ActiveUsers > 0: // where nobody was active GitHub has no per-user report
			known = false
		}
	}
	if !known || daysWithData == 0 {
		return nil, daysWithData
	}
	return &sum, daysWithData
}

// included is the pool: the credits of everybody who held a seat in the month. A new seat enlarges it at once, and one that
// was given up leaves it with the next month.
func (p Prices) included(held tally) *int64 {
	if !held.known {
		return nil
	}
	var pool int64
	seats := maps.Clone(held.unnamed)
	for _, plan := range held.people {
		seats[plan]++
	}
	for plan, n := range seats {
		credits := p.Plans[plan].Credits
		if credits == nil {
			return nil
		}
		pool += n * *credits
	}
	return &pool
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
	return new(metrics.Credits(wholeUnits(new(big.Rat).Mul(r, big.NewRat(creditUnit, 1)))))
}

// plus adds two amounts; nil, which is not known, makes the sum unknown.
func plus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}
