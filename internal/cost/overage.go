package cost

import (
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Overage is the credits of a model that are billed beyond the pool at one price.
type Overage struct {
	Model   string
	Credits *metrics.Credits // nil: the bill does not tell
	Price   *money.Decimal   // of one, by GitHub's bill; nil: it does not tell, or is not in the currency of the prices
	Billed  *money.Money
}

// Overages are what is billed beyond the pool, the dearest by gross value first; nil where the bill is not known. They add
// up to what is billed, to the cent.
func (f Facts) Overages() []Overage {
	var overages []Overage
	for _, part := range f.billedParts(f.overageOf) {
		if credits := creditsOf(part.netCredits); part.billed.Cents != 0 || credits != nil && *credits != 0 {
			overages = append(overages, Overage{Model: modelOf(part.item), Credits: credits, Price: f.priceOn(part.item), Billed: part.billed})
		}
	}
	return overages
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
