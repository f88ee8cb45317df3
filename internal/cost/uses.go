package cost

import (
	"cmp"
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Share is a part of a whole, in ten-thousandths. In JSON it is a number with four decimals.
type Share int64

// wholeShare is the share of the whole.
const wholeShare = 10_000

// MarshalJSON implements json.Marshaler.
func (s Share) MarshalJSON() ([]byte, error) {
	return []byte(big.NewRat(int64(s), wholeShare).FloatString(4)), nil
}

// use is the use of something with a name, such as a model: an exact amount in the currency of the prices, or interactions.
type use struct {
	name                string
	item                CreditItem // the first row of the bill with the name
	credits, netCredits *big.Rat   // nil: unknown
	gross, net          *big.Rat
	interactions        int64
}

// billedPart is the part of a name in the bill.
type billedPart struct {
	use
	grossValue, billed *money.Money
	share              *Share // nil if the whole is 0 or a part is negative
}

// billedParts returns the parts of the bill by name, the most expensive first. They add up to the same sum for every kind of name, to
// the cent. They are nil if the bill is unknown.
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

// shares returns the shares of parts in their whole. They add up to 1. They are nil if the whole is 0 or a part is negative.
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
