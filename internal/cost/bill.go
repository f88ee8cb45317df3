package cost

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/money"
)

// CreditItem is a row of GitHub's usage report of AI credits, by GitHub's names. Amounts are in dollars; net is what is
// billed beyond the included pool. What is nil GitHub left out.
type CreditItem struct {
	Product          string         `json:"product"`
	SKU              string         `json:"sku"`
	Model            string         `json:"model"`
	UnitType         string         `json:"unitType"`
	PricePerUnit     *money.Decimal `json:"pricePerUnit"`
	GrossQuantity    *money.Decimal `json:"grossQuantity"`
	GrossAmount      *money.Decimal `json:"grossAmount"`
	DiscountQuantity *money.Decimal `json:"discountQuantity"`
	DiscountAmount   *money.Decimal `json:"discountAmount"`
	NetQuantity      *money.Decimal `json:"netQuantity"`
	NetAmount        *money.Decimal `json:"netAmount"`
}

// CreditBill is the rows of a month as GitHub had them when they were read.
type CreditBill struct {
	ReadAt time.Time // zero where an earlier version has not kept it
	Absent bool      // GitHub gave none; there are no items
	Items  []CreditItem
}

// billedUses are the rows of AI credits under names, without what else GitHub bills; or why they are not known.
func (f Facts) billedUses(name func(CreditItem) string) (uses []use, why string) {
	switch {
	case f.Bill == nil:
		return nil, f.whyUnread()
	case f.Bill.Absent:
		return nil, "GitHub gave no bill of the month when it was asked, on " + f.Bill.ReadAt.UTC().Format(dayOfYear) + "."
	}
	all := nothing
	for _, item := range f.Bill.Items {
		switch kindOf(item) {
		case creditsRow:
		case otherRow:
			continue
		case unfamiliarRow:
			return nil, fmt.Sprintf("GitHub's bill has a row that is not understood: %q in the unit %q. Whether it is of AI credits is not known.",
				item.SKU, item.UnitType)
		}
		billed := use{
			name: name(item), item: item,
			gross: f.value(item.GrossQuantity, item.GrossAmount),
			net:   f.value(item.NetQuantity, item.NetAmount),
		}
		if billed.gross == nil || billed.net == nil {
			return nil, noBillValue
		}
		billed.credits, billed.netCredits = orNil(item.GrossQuantity), orNil(item.NetQuantity)
		uses = append(uses, billed)
		for _, number := range []*money.Decimal{item.GrossQuantity, item.GrossAmount, item.NetQuantity, item.NetAmount} {
			if number != nil {
				all = plus(all, new(big.Rat).Abs(number.Rat()))
			}
		}
		if all.Cmp(maxBill) > 0 {
			return nil, noSuchBill
		}
	}
	return uses, ""
}

// maxBill is more than anybody is billed, and leaves room for sums in cents and in millionths.
var maxBill = big.NewRat(1_000_000_000_000, 1)

// nothing is zero, not to be changed.
var nothing = new(big.Rat)

// orNil is nil where there is no number.
func orNil(d *money.Decimal) *big.Rat {
	if d == nil {
		return nil
	}
	return d.Rat()
}

// rowKind is what a row of a bill is of.
type rowKind int

const (
	unfamiliarRow rowKind = iota // nobody knows
	creditsRow
	otherRow // what credits have replaced, and seats
)

// kindOf knows the spellings of GitHub: credits and ai-credits; requests, of premium requests; user-months, of seats.
func kindOf(item CreditItem) rowKind {
	unit := strings.ToLower(item.UnitType)
	switch {
	case strings.Contains(strings.ToLower(item.SKU), "premium request"):
		return otherRow
	case strings.Contains(unit, "credit"):
		return creditsRow
	case strings.Contains(unit, "request"), strings.Contains(unit, "month"):
		return otherRow
	}
	return unfamiliarRow
}

// value is what a row's quantity is worth: GitHub's own amount or, where another currency is agreed, the quantity at
// the agreed price.
func (f Facts) value(quantity, amount *money.Decimal) *big.Rat {
	p := f.Prices
	switch {
	case p.Currency == money.GitHubCurrency && amount != nil:
		return amount.Rat()
	case p.Currency != money.GitHubCurrency && quantity != nil:
		return p.CreditValue(quantity.Rat())
	}
	return nil
}

// onBill is money of the bill: GitHub's own is not estimated, as long as it is its last word.
func (f Facts) onBill(cents int64) *money.Money {
	return &money.Money{Cents: cents, Currency: f.Prices.Currency, Estimated: f.Prices.Currency != money.GitHubCurrency || f.outdated() != ""}
}

// billed is what the bill asks for beyond the pool.
func (f Facts) billed() *money.Money {
	_, net := f.billedSums()
	if net == nil {
		return nil
	}
	return f.onBill(money.Round(money.Cents(net)))
}

// billedSums are what the credits on the bill are worth, and what of it is billed beyond the pool; nil: they are not known.
func (f Facts) billedSums() (gross, net *big.Rat) {
	uses, why := f.billedUses(modelOf)
	if why != "" {
		return nil, nil
	}
	gross, net = nothing, nothing
	for _, billed := range uses {
		gross, net = plus(gross, billed.gross), plus(net, billed.net)
	}
	return gross, net
}
