package money

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Agreed is prices that differ from the list, of a deployment or of one connector. What is left out is as before.
type Agreed struct {
	Since             string   `json:"since,omitempty"`    // YYYY-MM, the first month for which they hold; empty: they hold for all
	Currency          string   `json:"currency,omitempty"` // ISO 4217; empty: that of the prices beneath
	Business          *Decimal `json:"business,omitempty"` // a seat a month, in whole cents
	Enterprise        *Decimal `json:"enterprise,omitempty"`
	BusinessCredits   *int64   `json:"businessCredits,omitempty"` // included with a seat a month
	EnterpriseCredits *int64   `json:"enterpriseCredits,omitempty"`
	Credit            *Decimal `json:"credit,omitempty"` // one AI credit, in millionths at the finest
}

// InvalidPrices says what is wrong with agreed prices.
type InvalidPrices []InvalidPrice

// InvalidPrice is what is wrong with one of them. The detail never repeats what was given.
type InvalidPrice struct {
	Field  string // empty: the whole
	Detail string
}

// Error lists everything that is wrong.
func (e InvalidPrices) Error() string {
	var all []string
	for _, wrong := range e {
		all = append(all, strings.TrimSpace(wrong.Field+" "+wrong.Detail))
	}
	return "prices: " + strings.Join(all, "; ")
}

// The most that is believed of a price of a seat, of a credit, and of the credits of a seat.
var (
	maxSeatPrice   = big.NewRat(100_000, 1)
	maxCreditPrice = big.NewRat(1_000, 1)
)

const maxSeatCredits = 10_000_000

// How prices and months are written.
var (
	seatPattern   = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,2})?$`)
	creditPattern = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,6})?$`)
	sincePattern  = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)
)

// ParseAgreed reads prices such as {"business":"17.50","credit":"0.009","currency":"EUR"}. Every field may be left out. Its
// error is of the type InvalidPrices.
func ParseAgreed(text []byte) (Agreed, error) {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil || given == nil {
		return Agreed{}, InvalidPrices{{Detail: "must be one JSON object"}}
	}
	var agreed Agreed
	var wrong InvalidPrices
	const (
		seat    = "must be a price from 0 to 100000 as a string, with at most two decimals, such as \"17.50\""
		credit  = "must be a price from 0 to 1000 as a string, with at most six decimals, such as \"0.009\""
		credits = "must be a whole number from 0 to 10000000"
	)
	for _, field := range []struct {
		name   string
		read   func(json.RawMessage) bool
		detail string
	}{
		{"since", word(&agreed.Since, sincePattern.MatchString), "must be a month of this century, of the form YYYY-MM"},
		{"business", price(&agreed.Business, seatPattern, maxSeatPrice), seat},
		{"enterprise", price(&agreed.Enterprise, seatPattern, maxSeatPrice), seat},
		{"credit", price(&agreed.Credit, creditPattern, maxCreditPrice), credit},
		{"businessCredits", believable(&agreed.BusinessCredits), credits},
		{"enterpriseCredits", believable(&agreed.EnterpriseCredits), credits},
		{"currency", word(&agreed.Currency, isCurrency), "must be the code of a currency by ISO 4217, such as EUR"},
	} {
		if value, is := given[field.name]; is && !field.read(value) {
			wrong = append(wrong, InvalidPrice{field.name, field.detail})
		}
		delete(given, field.name)
	}
	if len(given) > 0 {
		wrong = append(wrong, InvalidPrice{Detail: "must have no other fields than since, currency, business, enterprise, credit, " +
			"businessCredits and enterpriseCredits"})
	}
	if len(wrong) > 0 {
		return Agreed{}, wrong
	}
	return agreed, nil
}

func word(into *string, valid func(string) bool) func(json.RawMessage) bool {
	return func(value json.RawMessage) bool { return json.Unmarshal(value, into) == nil && valid(*into) }
}

func price(into **Decimal, pattern *regexp.Regexp, most *big.Rat) func(json.RawMessage) bool {
	return func(value json.RawMessage) bool {
		var text string
		if json.Unmarshal(value, &text) != nil || !pattern.MatchString(text) {
			return false
		}
		amount, err := ParseDecimal(text)
		*into = &amount
		return err == nil && amount.Rat().Cmp(most) <= 0
	}
}

func believable(into **int64) func(json.RawMessage) bool {
	return func(value json.RawMessage) bool {
		return json.Unmarshal(value, into) == nil && *into != nil && 0 <= **into && **into <= maxSeatCredits
	}
}

// In is what is agreed for a month, of which any day is given: nothing for those before it holds.
func (a Agreed) In(month calendar.Date) Agreed {
	if month.String() < a.Since {
		return Agreed{}
	}
	return a
}

func (a Agreed) plans() map[copilot.Plan]PlanPrice {
	return map[copilot.Plan]PlanPrice{
		copilot.PlanBusiness:   {Seat: a.Business, Credits: a.BusinessCredits},
		copilot.PlanEnterprise: {Seat: a.Enterprise, Credits: a.EnterpriseCredits},
	}
}
