package cost

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Agreed is prices that differ from the list, of a deployment or of one connector. What is left out is as before.
type Agreed struct {
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

// ParseAgreed reads prices such as {"business":"17.50","credit":"0.009","currency":"EUR"}. Every field may be left out. Its
// error is of the type InvalidPrices.
func ParseAgreed(text []byte) (Agreed, error) {
	var agreed Agreed
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&agreed)
	if _, after := decoder.Token(); err != nil || !errors.Is(after, io.EOF) {
		return Agreed{}, InvalidPrices{{Detail: "must be one JSON object of decimal numbers as strings (business, enterprise, credit), " +
			"whole numbers (businessCredits, enterpriseCredits) and a currency"}}
	}
	if wrong := agreed.check(); len(wrong) > 0 {
		return Agreed{}, wrong
	}
	return agreed, nil
}

func (a Agreed) check() (wrong InvalidPrices) {
	require := func(ok bool, field, detail string) {
		if !ok {
			wrong = append(wrong, InvalidPrice{field, detail})
		}
	}
	const seat = "must be a price from 0 to 100000 in whole cents"
	require(within(a.Business, maxSeatPrice, 2), "business", seat)
	require(within(a.Enterprise, maxSeatPrice, 2), "enterprise", seat)
	require(within(a.Credit, maxCreditPrice, 6), "credit", "must be a price from 0 to 1000 with at most six decimals")
	const credits = "must be a whole number from 0 to 10000000"
	require(believable(a.BusinessCredits), "businessCredits", credits)
	require(believable(a.EnterpriseCredits), "enterpriseCredits", credits)
	require(a.Currency == "" || currencyPattern.MatchString(a.Currency), "currency", "must be a code of three letters such as EUR")
	return wrong
}

func within(price *Decimal, most *big.Rat, decimals int) bool {
	if price == nil {
		return true
	}
	digits, _ := price.rat().FloatPrec()
	return price.rat().Sign() >= 0 && price.rat().Cmp(most) <= 0 && digits <= decimals
}

func believable(credits *int64) bool {
	return credits == nil || 0 <= *credits && *credits <= maxSeatCredits
}

func (a Agreed) plans() map[connector.Plan]PlanPrice {
	return map[connector.Plan]PlanPrice{
		connector.PlanBusiness:   {Seat: a.Business, Credits: a.BusinessCredits},
		connector.PlanEnterprise: {Seat: a.Enterprise, Credits: a.EnterpriseCredits},
	}
}
