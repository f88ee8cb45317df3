package cost

import (
	"cmp"
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Share is a part of a whole in ten-thousandths. In JSON it is a number with four decimals.
type Share int64

// wholeShare is all of it.
const wholeShare = 10_000

// MarshalJSON implements json.Marshaler.
func (s Share) MarshalJSON() ([]byte, error) {
	return []byte(big.NewRat(int64(s), wholeShare).FloatString(4)), nil
}

// use is what a model, or whatever else has a name, was used for: dollars, exactly and in the currency of the prices, or
// interactions.
type use struct {
	name                string
	item                CreditItem // of the bill, the first of those under the name
	credits, netCredits *big.Rat   // nil: not told
	gross, net          *big.Rat
	interactions        int64
}

// billedPart is the part of a name in the bill.
type billedPart struct {
	use
	grossValue, billed *money.Money
	share              *Share // nil when the whole is nothing, or a part less
}

// billedParts are the parts of the bill by names, the dearest first. However they are named, they add up to the same, to
// the cent. They are nil when the bill is not known.
func (f Facts) billedParts(name func(CreditItem) string) []billedPart {
	rows, why := f.billedUses(name)
	if why != "" {
		return nil
	}
	uses := map[string]use{}
	for _, more := range rows {
		sum, known := uses[more.name]
		if !known {
			sum = use{name: more.name, item: more.item, credits: nothing, netCredits: nothing, gross: nothing, net: nothing}
		}
		sum.credits, sum.netCredits = plus(sum.credits, more.credits), plus(sum.netCredits, more.netCredits)
		sum.gross, sum.net = plus(sum.gross, more.gross), plus(sum.net, more.net)
		uses[more.name] = sum
	}
	list := sortedUses(uses, func(a, b use) int { return b.gross.Cmp(a.gross) })
	gross := money.Allocate(each(list, func(u use) *big.Rat { return money.Cents(u.gross) }))
	net := money.Allocate(each(list, func(u use) *big.Rat { return money.Cents(u.net) }))
	shares := shares(each(list, func(u use) *big.Rat { return u.gross }))
	parts := make([]billedPart, len(list))
	for i, u := range list {
		parts[i] = billedPart{use: u, grossValue: f.onBill(gross[i]), billed: f.onBill(net[i]), share: shares[i]}
	}
	return parts
}

func sortedUses(uses map[string]use, most func(a, b use) int) []use {
	list := make([]use, 0, len(uses))
	for _, u := range uses {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b use) int { return cmp.Or(most(a, b), cmp.Compare(a.name, b.name)) })
	return list
}

func each(uses []use, part func(use) *big.Rat) []*big.Rat {
	parts := make([]*big.Rat, len(uses))
	for i, u := range uses {
		parts[i] = part(u)
	}
	return parts
}

// shares are the parts of a whole, which add up to it; nil when it is nothing, or a part takes something from it.
func shares(parts []*big.Rat) []*Share {
	whole, least := nothing, nothing
	for _, part := range parts {
		whole = plus(whole, part)
		if part.Cmp(least) < 0 {
			least = part
		}
	}
	shares := make([]*Share, len(parts))
	if whole.Sign() == 0 || least.Sign() < 0 {
		return shares
	}
	scale := new(big.Rat).Quo(big.NewRat(wholeShare, 1), whole)
	scaled := make([]*big.Rat, len(parts))
	for i, part := range parts {
		scaled[i] = new(big.Rat).Mul(part, scale)
	}
	for i, n := range money.Allocate(scaled) {
		shares[i] = new(Share(n))
	}
	return shares
}
