package cost

import (
	"math/big"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Overage is the part of a team in the credits of a model that are billed beyond the pool at one price.
type Overage struct {
	Team    *string // nil: no team
	Model   string
	Credits *metrics.Credits // nil: the bill does not tell them
	Price   *money.Decimal   // of one credit, from GitHub's bill; nil: the bill does not tell it, or the prices have another currency
	Billed  *money.Money
}

// Overages returns what is billed beyond the pool, the highest gross value first, divided by teams. It returns nil if the bill is
// unknown. The parts add up to the billed amount, to the cent, and the parts of a team to what is billed of it. Teams share each model
// by all credits that their people used, because GitHub does not tell who used which model.
func (f Facts) Overages() []Overage {
	used, _ := metrics.CreditsUsed(f.Days)
	credits := f.teamCredits(used)
	if f.SmallestGroup > 0 {
		hideTeams(credits, f.smallTeams(f.Seats.through(f.Period.To)))
	}
	names := teamNames(credits)
	weights := allOf(names, credits)
	var wholes, overages []Overage
	var billed []*money.Money
	for _, part := range f.billedParts(f.overageOf) {
		if credits := creditsOf(part.netCredits); part.billed.Cents != 0 || credits != nil && *credits != 0 {
			wholes = append(wholes, Overage{Model: modelOf(part.item), Credits: credits, Price: f.priceOn(part.item), Billed: part.billed})
			billed = append(billed, part.billed)
		}
	}
	for i, shares := range sharesOfEach(billed, weights) {
		overages = append(overages, wholes[i].byTeam(names, weights, shares)...)
	}
	return overages
}

// byTeam divides an overage among teams by weights, given the cents that are billed to each. It leaves out teams without a part.
func (o Overage) byTeam(names []string, weights []*big.Rat, billed []int64) (parts []Overage) {
	quantities := make([]*metrics.Credits, len(names))
	if o.Credits != nil {
		whole := &money.Money{Cents: int64(*o.Credits)}
		for i, part := range sharesOf(whole, weights) {
			quantities[i] = new(metrics.Credits(part.Cents))
		}
	}
	for i, name := range names {
		if quantity := quantities[i]; billed[i] != 0 || quantity != nil && *quantity != 0 {
			share := &money.Money{Cents: billed[i], Currency: o.Billed.Currency, Estimated: o.Billed.Estimated}
			parts = append(parts, Overage{Team: named(name), Model: o.Model, Credits: quantity, Price: o.Price, Billed: share})
		}
	}
	return parts
}

// sharesOfEach divides amounts by the same weights, in cents. The shares of an amount add up to it, and the shares of a weight add up to
// its share of the sum. It rounds each share down, and then gives the remaining cents of each amount in turn to weights that lack some.
func sharesOfEach(wholes []*money.Money, weights []*big.Rat) [][]int64 {
	sum := new(money.Money)
	for _, whole := range wholes {
		sum.Cents += whole.Cents
	}
	missing := make([]int64, len(weights))
	for i, share := range sharesOf(sum, weights) {
		missing[i] = share.Cents
	}
	shares, left := make([][]int64, len(wholes)), make([]int64, len(wholes))
	for n, whole := range wholes {
		shares[n], left[n] = make([]int64, len(weights)), whole.Cents
		for i, exact := range exactShares(whole, weights) {
			shares[n][i] = new(big.Int).Div(exact.Num(), exact.Denom()).Int64() // rounds down, as denominators are positive
			left[n] -= shares[n][i]
			missing[i] -= shares[n][i]
		}
	}
	next := 0
	for n := range wholes {
		for ; left[n] > 0; next = (next + 1) % len(weights) { // ends: as many cents are missing as are left
			if missing[next] > 0 {
				shares[n][next], missing[next], left[n] = shares[n][next]+1, missing[next]-1, left[n]-1
			}
		}
	}
	return shares
}

// overageOf returns the key of the overage to which a row belongs. Rows with different prices, or without a quantity, are kept apart.
func (f Facts) overageOf(item CreditItem) string {
	key := []string{modelOf(item), "", ""}
	if price := f.priceOn(item); price != nil {
		key[1] = price.String()
	}
	if item.NetQuantity == nil {
		key[2] = "?"
	}
	return strings.Join(key, "\n")
}

func (f Facts) priceOn(item CreditItem) *money.Decimal {
	if f.Prices.Currency != money.GitHubCurrency || item.PricePerUnit == nil || item.PricePerUnit.Rat().Sign() < 0 {
		return nil
	}
	return item.PricePerUnit
}
