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
// unknown. The parts add up to the billed amount, to the cent. Teams share each model by all credits that their people used, because
// GitHub does not tell who used which model.
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

// byTeam divides an overage among teams by weights. It leaves out teams without a part.
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
