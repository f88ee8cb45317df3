package cost

import (
	"math/big"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Overage is the credits of a model that are billed beyond the pool at one price: the part of a team.
type Overage struct {
	Team    *string // nil: no team
	Model   string
	Credits *metrics.Credits // nil: the bill does not tell
	Price   *money.Decimal   // of one, by GitHub's bill; nil: it does not tell, or is not in the currency of the prices
	Billed  *money.Money
}

// Overages are what is billed beyond the pool, the dearest by gross value first, and each by team; nil where the bill is not known. They
// add up to what is billed, to the cent. Teams share a model by all credits that their people used: nobody tells who used which model.
func (f Facts) Overages() []Overage {
	used, _ := metrics.CreditsUsed(f.Days)
	credits := f.teamCredits(used)
	names := teamNames(credits)
	weights := allOf(names, credits)
	var overages []Overage
	for _, part := range f.billedParts(f.overageOf) {
		if credits := creditsOf(part.netCredits); part.billed.Cents != 0 || credits != nil && *credits != 0 {
			of := Overage{Model: modelOf(part.item), Credits: credits, Price: f.priceOn(part.item), Billed: part.billed}
			overages = append(overages, of.byTeam(names, weights)...)
		}
	}
	return overages
}

// byTeam shares an overage out by weights. Teams that have nothing of it are left out.
func (o Overage) byTeam(names []string, weights []*big.Rat) (parts []Overage) {
	billed := sharesOf(o.Billed, weights)
	quantities := make([]*metrics.Credits, len(names))
	if o.Credits != nil {
		whole := &money.Money{Cents: int64(*o.Credits)}
		for i, part := range sharesOf(whole, weights) {
			quantities[i] = new(metrics.Credits(part.Cents))
		}
	}
	for i, name := range names {
		if quantity := quantities[i]; billed[i].Cents != 0 || quantity != nil && *quantity != 0 {
			parts = append(parts, Overage{Team: named(name), Model: o.Model, Credits: quantity, Price: o.Price, Billed: billed[i]})
		}
	}
	return parts
}

// overageOf keeps apart the rows of a bill that cannot be one overage: those at other prices, and those that lack a quantity.
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
