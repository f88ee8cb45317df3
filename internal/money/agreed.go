package money

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Agreed is prices of a deployment or of one connector that differ from GitHub's list. A nil field keeps the price that
// held before.
type Agreed struct {
	Since             string   `json:"since,omitempty"`    // YYYY-MM, the first month for which they hold; empty: every month
	Currency          string   `json:"currency,omitempty"` // ISO 4217; empty: the currency of the prices that these replace
	Business          *Decimal `json:"business,omitempty"` // price of a seat for a month, in units of the currency, whole cents
	Enterprise        *Decimal `json:"enterprise,omitempty"`
	BusinessCredits   *int64   `json:"businessCredits,omitempty"` // AI credits that a seat includes for a month
	EnterpriseCredits *int64   `json:"enterpriseCredits,omitempty"`
	Credit            *Decimal `json:"credit,omitempty"` // price of one AI credit, with at most six decimals
}

// InvalidPrices is the error of agreed prices that cannot be accepted. It lists every invalid field.
type InvalidPrices []InvalidPrice

// InvalidPrice says what is wrong with one field. The detail never repeats the input.
type InvalidPrice struct {
	Field  string // empty: the whole text
	Detail string
}

// Error lists every invalid field.
func (e InvalidPrices) Error() string {
	var all []string
	for _, wrong := range e {
		all = append(all, strings.TrimSpace(wrong.Field+" "+wrong.Detail))
	}
	return "prices: " + strings.Join(all, "; ")
}

// The largest values that ParseAgreed accepts: the price of a seat, the price of a credit, the credits of a seat.
var (
	maxSeatPrice   = big.NewRat(100_000, 1)
	maxCreditPrice = big.NewRat(1_000, 1)
)

const maxSeatCredits = 10_000_000

// The patterns of prices and months.
var (
	seatPattern   = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,2})?$`)
	creditPattern = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,6})?$`)
	sincePattern  = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)
)

// ParseAgreed reads prices such as {"business":"17.50","credit":"0.009","currency":"EUR"}. Every field is optional. The
// error has the type InvalidPrices.
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

// In returns what is agreed for the month of a day. It returns the zero value for months before Since.
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
