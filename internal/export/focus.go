package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/spend"
)

// Charge is a row of a dataset by FOCUS 1.2. After the columns of FOCUS come our own, with the prefix x_ that FOCUS demands. Columns for
// things that GitHub does not have (regions, commitment discounts) are left out.
// https://focus.finops.org/focus-specification/v1-2/
type Charge struct {
	BilledCost          json.Number  `json:"BilledCost"`
	BillingAccountID    string       `json:"BillingAccountId"`
	BillingAccountName  string       `json:"BillingAccountName"`
	BillingAccountType  string       `json:"BillingAccountType"`
	BillingCurrency     string       `json:"BillingCurrency"`
	BillingPeriodEnd    time.Time    `json:"BillingPeriodEnd"` // exclusive
	BillingPeriodStart  time.Time    `json:"BillingPeriodStart"`
	ChargeCategory      string       `json:"ChargeCategory"`
	ChargeClass         *string      `json:"ChargeClass"` // always nil: never a correction of an invoice
	ChargeDescription   string       `json:"ChargeDescription"`
	ChargeFrequency     string       `json:"ChargeFrequency"`
	ChargePeriodEnd     time.Time    `json:"ChargePeriodEnd"` // exclusive
	ChargePeriodStart   time.Time    `json:"ChargePeriodStart"`
	ConsumedQuantity    *json.Number `json:"ConsumedQuantity"` // only for usage
	ConsumedUnit        *string      `json:"ConsumedUnit"`
	ContractedCost      json.Number  `json:"ContractedCost"`
	ContractedUnitPrice *json.Number `json:"ContractedUnitPrice"`
	EffectiveCost       json.Number  `json:"EffectiveCost"`
	InvoiceID           *string      `json:"InvoiceId"` // always nil: GitHub does not tell it
	InvoiceIssuerName   string       `json:"InvoiceIssuerName"`
	ListCost            json.Number  `json:"ListCost"`
	ListUnitPrice       *json.Number `json:"ListUnitPrice"`
	PricingCategory     string       `json:"PricingCategory"`
	PricingQuantity     *json.Number `json:"PricingQuantity"`
	PricingUnit         *string      `json:"PricingUnit"` // nil if the quantity is
	ProviderName        string       `json:"ProviderName"`
	PublisherName       string       `json:"PublisherName"`
	ServiceCategory     string       `json:"ServiceCategory"`
	ServiceName         string       `json:"ServiceName"`
	ServiceSubcategory  string       `json:"ServiceSubcategory"`
	SkuID               string       `json:"SkuId"`
	SkuMeter            string       `json:"SkuMeter"`
	SkuPriceDetails     *string      `json:"SkuPriceDetails"`
	SkuPriceID          string       `json:"SkuPriceId"`
	Tags                *string      `json:"Tags"` // a JSON object with the team; nil: no team

	Estimated bool         `json:"x_Estimated"` // computed from list or agreed prices, not from GitHub's bill
	Model     *string      `json:"x_Model"`
	SeatDays  *json.Number `json:"x_SeatDays"`
	Team      *string      `json:"x_Team"`
}

// skus are GitHub's names of its products.
var skus = map[copilot.Plan]string{copilot.PlanBusiness: "Copilot Business", copilot.PlanEnterprise: "Copilot Enterprise"}

const overageSKU = "Copilot AI Credits"

// ChargesOf returns the charges of a month whose seat cost is known. There is a row for the seats of each team and plan, and a row for
// each team's part in the billed credits of each model and price. Billed costs add up to the total spend, to the cent. Credits inside
// the pool are not charged, because the seats have paid for them.
func ChargesOf(account copilot.Account, c *spend.Charges) []Charge {
	charges := []Charge{}
	common := commonOf(account, c)
	for i := range c.ByTeam {
		charges = append(charges, seatCharges(common, c, i)...)
	}
	for i := range c.Overages {
		charges = append(charges, creditCharge(common, c, &c.Overages[i]))
	}
	return charges
}

// commonOf returns a charge with the columns that are the same in all rows of a month.
func commonOf(account copilot.Account, c *spend.Charges) Charge {
	scope := string(account.Scope)
	return Charge{
		BillingAccountID:   fmt.Sprintf("%s/%s/%s", account.Host, scope, strings.ToLower(account.Slug)),
		BillingAccountName: accountName(account),
		BillingAccountType: strings.ToUpper(scope[:1]) + scope[1:],
		BillingPeriodStart: c.Period.From.Start(), BillingPeriodEnd: c.Period.End().Close(),
		ChargePeriodStart: c.Period.From.Start(), ChargePeriodEnd: c.Period.To.Close(),
		InvoiceIssuerName: "GitHub", ProviderName: "GitHub", PublisherName: "GitHub",
		PricingCategory: "Standard",
		ServiceCategory: "AI and Machine Learning", ServiceSubcategory: "Generative AI", ServiceName: "GitHub Copilot",
	}
}

// accountName returns the slug as a text. FOCUS demands a text, and readers that guess types take a slug of digits for a number, even in
// quotes.
func accountName(account copilot.Account) string {
	if notText.MatchString(account.Slug) {
		return string(account.Scope) + " " + account.Slug
	}
	return account.Slug
}

// seatCharges returns the charges of a team's seats by plan. Their billed costs add up to the team's, because the last plan gets the
// rest.
func seatCharges(common Charge, c *spend.Charges, team int) (charges []Charge) {
	row, left := &c.ByTeam[team], c.ByTeam[team].SeatCost.Cents
	daysOf := map[copilot.Plan]*big.Rat{}
	for share, days := range row.DaysByPlan {
		part := big.NewRat(days, share.Teams)
		if sum := daysOf[share.Plan]; sum != nil {
			part.Add(part, sum)
		}
		daysOf[share.Plan] = part
	}
	held := slices.Sorted(maps.Keys(daysOf))
	for i, plan := range held {
		days, price := number(daysOf[plan], 6), c.Prices.Seat(plan)
		exact := new(big.Rat).Mul(daysOf[plan], big.NewRat(1, int64(c.Period.Days())))
		months := number(exact, 6)
		charge := common
		charge.ChargeCategory, charge.ChargeFrequency = "Purchase", "Recurring"
		charge.ChargeDescription = fmt.Sprintf("%s: seats of %s on %s seat-days", skus[plan], cmp.Or(deref(row.Team), "no team"), days)
		charge.setSKU(skus[plan], "Seats")
		agreed := amount(price)
		charge.price(&months, "Seat-Months", agreed, listed(c, amount(c.List.Seat(plan)), agreed))
		cents := min(money.Round(exact.Mul(exact, big.NewRat(price.Cents, 1))), left)
		if i == len(held)-1 {
			cents = left
		}
		left -= cents
		charge.bill(&money.Money{Cents: cents, Currency: row.SeatCost.Currency, Estimated: row.SeatCost.Estimated})
		charge.SeatDays = &days
		charge.setTeam(row.Team)
		charges = append(charges, charge)
	}
	return charges
}

// listed returns the list's price, or the agreed price if the list has none in that currency.
func listed(c *spend.Charges, list, agreed *json.Number) *json.Number {
	if list == nil || c.List.Currency != c.Prices.Currency {
		return agreed
	}
	return list
}

// creditCharge returns the charge of a model's credits beyond the pool. The list price is the one on GitHub's bill, if the bill has the
// currency of the prices. With data residency that price is higher.
func creditCharge(common Charge, c *spend.Charges, overage *cost.Overage) Charge {
	charge := common
	charge.ChargeCategory, charge.ChargeFrequency = "Usage", "Usage-Based"
	charge.ChargeDescription = overageSKU + ": " + overage.Model + ", beyond the included pool"
	charge.setSKU(overageSKU, "AI Credits")
	price := decimal(c.Prices.Credit)
	list := listed(c, decimal(c.List.Credit), price)
	if overage.Price != nil {
		price = decimal(overage.Price)
		list = price
	}
	var quantity *json.Number
	if overage.Credits != nil {
		quantity = new(number(big.NewRat(int64(*overage.Credits), 1_000_000), 6))
	}
	charge.price(quantity, "Credits", price, list)
	charge.ConsumedQuantity, charge.ConsumedUnit = charge.PricingQuantity, charge.PricingUnit
	charge.bill(overage.Billed)
	charge.Model = &overage.Model
	charge.setTeam(overage.Team)
	return charge
}

func (c *Charge) setTeam(name *string) {
	if name == nil {
		return
	}
	tags, _ := edge.JSON(map[string]string{"team": *name}) // cannot fail
	c.Team, c.Tags = name, new(string(tags))
}

func (c *Charge) setSKU(id, meter string) { c.SkuID, c.SkuPriceID, c.SkuMeter = id, id, meter }

// price computes the costs from unit prices, exactly from the numbers in the row. An unknown quantity has no unit.
func (c *Charge) price(quantity *json.Number, unit string, contracted, list *json.Number) {
	c.PricingQuantity, c.ContractedUnitPrice, c.ListUnitPrice = quantity, contracted, list
	if quantity != nil {
		c.PricingUnit = &unit
	}
	c.ContractedCost, c.ListCost = product(quantity, contracted), product(quantity, list)
}

// bill sets the billed cost. The effective cost is the same, because nothing is paid in advance. If a quantity or a price is unknown, the
// list and contracted costs are the same too.
func (c *Charge) bill(billed *money.Money) {
	text := *amount(billed)
	c.BilledCost, c.EffectiveCost, c.BillingCurrency, c.Estimated = text, text, billed.Currency, billed.Estimated
	c.ContractedCost, c.ListCost = cmp.Or(c.ContractedCost, text), cmp.Or(c.ListCost, text)
}

// product returns "" if either is unknown.
func product(quantity, price *json.Number) json.Number {
	if quantity == nil || price == nil {
		return ""
	}
	a, _ := new(big.Rat).SetString(quantity.String()) // this package wrote the decimals, so they are valid
	b, _ := new(big.Rat).SetString(price.String())
	return number(a.Mul(a, b), 12)
}

// number returns a number with no more digits than needed.
func number(r *big.Rat, places int) json.Number {
	text := r.FloatString(places)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return json.Number(text)
}

func decimal(d *money.Decimal) *json.Number {
	if d == nil {
		return nil
	}
	return new(json.Number(d.String()))
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
