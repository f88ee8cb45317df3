package money

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// GitHubCurrency is the currency of GitHub's list and of its bills.
const GitHubCurrency = "USD"

// Prices is what an account pays. A nil price and a missing plan are unknown. In the zero value everything is unknown.
type Prices struct {
	Currency string
	Plans    map[copilot.Plan]PlanPrice
	Credit   *Decimal // price of one AI credit
}

// PlanPrice is what a seat of a plan costs for a month, and how many AI credits it includes.
type PlanPrice struct {
	Seat    *Decimal // whole cents
	Credits *int64
}

// list is GitHub's price list over time. Each row changes the prices that it names, from its day on. All other prices stay.
// https://docs.github.com/en/copilot/concepts/billing/usage-based-billing-for-organizations-and-enterprises
var list = []struct {
	from   string
	prices Agreed
}{
	// Before usage-based billing there were no AI credits, so their price is unknown.
	{"0001-01-01", Agreed{Currency: GitHubCurrency, Business: new(Hundredths(19_00)), Enterprise: new(Hundredths(39_00))}},
	// In the first three months seats included more credits.
	{"2026-06-01", Agreed{Credit: new(Hundredths(1)), BusinessCredits: new(int64(3000)), EnterpriseCredits: new(int64(7000))}},
	{"2026-09-01", Agreed{BusinessCredits: new(int64(1900)), EnterpriseCredits: new(int64(3900))}},
}

// ListPrices returns GitHub's list prices on a day. GitHub bills seats by the month: pass the first day of the month.
func ListPrices(on calendar.Date) Prices {
	var p Prices
	for _, row := range list {
		if row.from <= on.String() {
			p = p.With(row.prices)
		}
	}
	return p
}

// PricesIn returns the prices in the month of a day. It starts with GitHub's list; then each agreement replaces prices of those
// before. An agreement in the list's currency that follows one in a foreign currency starts from GitHub's list again.
func PricesIn(month calendar.Date, agreements ...Agreed) Prices {
	list := ListPrices(month.FirstOfMonth())
	prices := list
	for _, agreed := range agreements {
		agreed = agreed.In(month)
		if agreed.Currency == list.Currency && prices.Currency != list.Currency {
			business, enterprise := prices.Plans[copilot.PlanBusiness], prices.Plans[copilot.PlanEnterprise]
			prices = list.With(Agreed{BusinessCredits: business.Credits, EnterpriseCredits: enterprise.Credits}) // credits have no currency
		}
		prices = prices.With(agreed)
	}
	return prices
}

// With returns the prices after an agreement has replaced some of them. An agreement in another currency removes all other
// prices, because they are unknown in that currency.
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

// Seat returns what a seat of a plan costs for a month, or nil if that is unknown.
func (p Prices) Seat(plan copilot.Plan) *Money {
	price := p.Plans[plan].Seat
	if price == nil {
		return nil
	}
	return p.Money(price.Rat())
}

// Money returns an amount in the currency of the prices, rounded to cents. It returns nil for nil.
func (p Prices) Money(amount *big.Rat) *Money {
	if amount == nil || p.Currency == "" {
		return nil
	}
	return &Money{Cents: Round(Cents(amount)), Currency: p.Currency, Estimated: true}
}

// CreditValue returns the exact price of a number of credits, or nil if the price of a credit is unknown.
func (p Prices) CreditValue(credits *big.Rat) *big.Rat {
	if p.Credit == nil || p.Currency == "" {
		return nil
	}
	return new(big.Rat).Mul(credits, p.Credit.Rat())
}
