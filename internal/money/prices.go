package money

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// GitHubCurrency is the currency of GitHub's list and of its bills.
const GitHubCurrency = "USD"

// Prices is what an account pays. What is nil, or a plan that is not there, is not known. The zero value knows nothing.
type Prices struct {
	Currency string
	Plans    map[copilot.Plan]PlanPrice
	Credit   *Decimal // of one AI credit
}

// PlanPrice is what a seat of a plan costs a month, and the AI credits it includes.
type PlanPrice struct {
	Seat    *Decimal // whole cents
	Credits *int64
}

// list is GitHub's prices, each valid from a day on until the next.
// https://docs.github.com/en/copilot/concepts/billing/usage-based-billing-for-organizations-and-enterprises
var list = []struct {
	from   string
	prices Agreed
}{
	// Credits came with usage-based billing; before it nothing is known of them.
	{"0001-01-01", Agreed{Currency: GitHubCurrency, Business: new(Hundredths(19_00)), Enterprise: new(Hundredths(39_00))}},
	// For the first three months seats included more.
	{"2026-06-01", Agreed{Credit: new(Hundredths(1)), BusinessCredits: new(int64(3000)), EnterpriseCredits: new(int64(7000))}},
	{"2026-09-01", Agreed{BusinessCredits: new(int64(1900)), EnterpriseCredits: new(int64(3900))}},
}

// ListPrices is GitHub's list on that day. Seats are billed by the month: ask for its first day.
func ListPrices(on calendar.Date) Prices {
	var p Prices
	for _, row := range list {
		if row.from <= on.String() {
			p = p.With(row.prices)
		}
	}
	return p
}

// PricesIn is the prices of a month, of which any day is given: GitHub's list, and what is agreed in its place, each agreement
// in the place of those before. One in the list's currency, over another in a foreign one, leaves the list's prices.
func PricesIn(month calendar.Date, agreements ...Agreed) Prices {
	list := ListPrices(month.FirstOfMonth())
	prices := list
	for _, agreed := range agreements {
		agreed = agreed.In(month)
		if agreed.Currency == list.Currency && prices.Currency != list.Currency {
			business, enterprise := prices.Plans[copilot.PlanBusiness], prices.Plans[copilot.PlanEnterprise]
			prices = list.With(Agreed{BusinessCredits: business.Credits, EnterpriseCredits: enterprise.Credits}) // they have no currency
		}
		prices = prices.With(agreed)
	}
	return prices
}

// With returns the prices with those agreed in the place of others. An agreement in another currency leaves none of the
// prices beneath, which nobody knows in that currency.
func (p Prices) With(agreed Agreed) Prices {
	with := Prices{Currency: p.Currency, Credit: p.Credit, Plans: map[copilot.Plan]PlanPrice{}}
	foreign := agreed.Currency != "" && agreed.Currency != p.Currency
	if foreign {
		with.Currency, with.Credit = agreed.Currency, nil
	}
	if agreed.Credit != nil {
		with.Credit = agreed.Credit
	}
	for plan, given := range agreed.plans() {
		price := p.Plans[plan]
		if foreign {
			price.Seat = nil
		}
		if given.Seat != nil {
			price.Seat = given.Seat
		}
		if given.Credits != nil {
			price.Credits = given.Credits
		}
		with.Plans[plan] = price
	}
	return with
}

// Seat is what a seat of that plan costs a month, nil where it is not known.
func (p Prices) Seat(plan copilot.Plan) *Money {
	price := p.Plans[plan].Seat
	if price == nil {
		return nil
	}
	return p.Money(price.Rat())
}

// Money returns an amount in the currency of the prices, rounded to cents; nil stays nil.
func (p Prices) Money(amount *big.Rat) *Money {
	if amount == nil || p.Currency == "" {
		return nil
	}
	return &Money{Cents: Round(Cents(amount)), Currency: p.Currency, Estimated: true}
}

// CreditValue returns what credits are worth, exactly; nil where their price is not known.
func (p Prices) CreditValue(credits *big.Rat) *big.Rat {
	if p.Credit == nil || p.Currency == "" {
		return nil
	}
	return new(big.Rat).Mul(credits, p.Credit.Rat())
}
