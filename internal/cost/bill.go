package cost

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/money"
)

// CreditItem is a row of GitHub's usage report of AI credits. Fields have GitHub's names, and amounts are in dollars. Net is the part
// that is billed beyond the included pool. A nil field was left out by GitHub.
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

// CreditBill is the bill of a month as GitHub had it when it was read.
type CreditBill struct {
	ReadAt time.Time // zero if an earlier version of this program stored the bill
	Absent bool      // GitHub has no bill, so there are no items
	Items  []CreditItem
}

// billedUses returns the rows of AI credits by name, without other rows of the bill. If they are unknown, why says why.
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

// maxBill is higher than any real bill. Sums in cents and in millionths still fit.
var maxBill = big.NewRat(1_000_000_000_000, 1)

// nothing is zero. Nobody may change it.
var nothing = new(big.Rat)

// orNil returns nil if there is no number.
func orNil(d *money.Decimal) *big.Rat {
	if d == nil {
		return nil
	}
	return d.Rat()
}

// rowKind is the kind of a row of a bill.
type rowKind int

const (
	unfamiliarRow rowKind = iota // of an unknown kind
	creditsRow
	otherRow // premium requests, which credits have replaced, and seats
)

// kindOf returns the kind by GitHub's unit: credits or ai-credits; requests for premium requests; user-months for seats.
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

// value returns the value of a row's quantity: GitHub's own amount, or the quantity at the agreed price if another currency is agreed.
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

// onBill returns an amount of the bill. It is not estimated if it is GitHub's own and the bill is up to date.
func (f Facts) onBill(cents int64) *money.Money {
	return &money.Money{Cents: cents, Currency: f.Prices.Currency, Estimated: f.Prices.Currency != money.GitHubCurrency || f.outdated() != ""}
}

// billed returns the amount that is billed beyond the pool.
func (f Facts) billed() *money.Money {
	_, net := f.billedSums()
	if net == nil {
		return nil
	}
	return f.onBill(money.Round(money.Cents(net)))
}

// billedSums returns the value of the credits on the bill, and the part that is billed beyond the pool. They are nil if unknown.
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
