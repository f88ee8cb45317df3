package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
)

// Money is an amount in whole cents of one currency. Each computed amount is rounded to cents once, half away from zero, and
// sums add rounded cents. A nil *Money means unknown, which is never the same as zero.
type Money struct {
	Cents     int64
	Currency  string // ISO 4217
	Estimated bool   // computed from list or agreed prices, not read from GitHub's bill
}

// moneyJSON is the JSON form of Money: {"amount":"1900.00","currency":"USD","estimated":true}.
type moneyJSON struct {
	Amount    string `json:"amount"`
	Currency  string `json:"currency"`
	Estimated bool   `json:"estimated"`
}

var (
	amountPattern   = regexp.MustCompile(`^-?[0-9]{1,15}\.[0-9]{2}$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Amount returns the amount as a decimal number with two decimals: "1900.00".
func (m Money) Amount() string { return big.NewRat(m.Cents, 100).FloatString(2) }

// MarshalJSON implements json.Marshaler.
func (m Money) MarshalJSON() ([]byte, error) {
	return json.Marshal(moneyJSON{Amount: m.Amount(), Currency: m.Currency, Estimated: m.Estimated})
}

// UnmarshalJSON implements json.Unmarshaler. It accepts what MarshalJSON writes.
func (m *Money) UnmarshalJSON(text []byte) error {
	var form moneyJSON
	if err := json.Unmarshal(text, &form); err != nil {
		return err
	}
	amount, err := ParseDecimal(form.Amount)
	if err != nil || !amountPattern.MatchString(form.Amount) || !currencyPattern.MatchString(form.Currency) {
		return errors.New("not an amount of money in cents")
	}
	*m = Money{Cents: Round(Cents(amount.Rat())), Currency: form.Currency, Estimated: form.Estimated}
	return nil
}

// Add returns the sum. It is nil if either is unknown or the currencies differ. It is estimated if either is.
func (m *Money) Add(other *Money) *Money {
	if m == nil || other == nil || m.Currency != other.Currency {
		return nil
	}
	return &Money{Cents: m.Cents + other.Cents, Currency: m.Currency, Estimated: m.Estimated || other.Estimated}
}

// Times returns n times the money, or nil if the money is unknown.
func (m *Money) Times(n int64) *Money {
	if m == nil {
		return nil
	}
	return &Money{Cents: m.Cents * n, Currency: m.Currency, Estimated: m.Estimated}
}

// Over returns the money divided by n, rounded, or nil if the money is unknown or n is 0.
func (m *Money) Over(n int64) *Money {
	if m == nil || n == 0 {
		return nil
	}
	return &Money{Cents: Round(big.NewRat(m.Cents, n)), Currency: m.Currency, Estimated: m.Estimated}
}

// Compare returns -1, 0 or +1. ok is false if the currencies differ.
func (m Money) Compare(other Money) (order int, ok bool) {
	return big.NewInt(m.Cents).Cmp(big.NewInt(other.Cents)), m.Currency == other.Currency
}

// String returns the money for logs and tests.
func (m Money) String() string { return fmt.Sprintf("%s %s", m.Amount(), m.Currency) }

// Cents returns an amount in cents, without rounding.
func Cents(amount *big.Rat) *big.Rat { return new(big.Rat).Mul(amount, big.NewRat(100, 1)) }

// Round rounds to a whole number, half away from zero.
func Round(r *big.Rat) int64 {
	twice := new(big.Int).Lsh(r.Num(), 1)
	if r.Sign() < 0 {
		twice.Sub(twice, r.Denom())
	} else {
		twice.Add(twice, r.Denom())
	}
	return twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1)).Int64()
}

// Allocate rounds parts so that they add up to their rounded sum. It rounds each part down, and then adds one to the parts
// with the largest remainders until the sum is reached; the first wins among equal remainders. A part of 0 stays 0.
func Allocate(parts []*big.Rat) []int64 {
	sum := new(big.Rat)
	rounded := make([]int64, len(parts))
	remainders := make([]*big.Rat, len(parts))
	order := make([]int, len(parts))
	var given int64
	for i, part := range parts {
		sum.Add(sum, part)
		floor := new(big.Int).Div(part.Num(), part.Denom()) // rounds down, as denominators are positive
		remainders[i] = new(big.Rat).Sub(part, new(big.Rat).SetInt(floor))
		rounded[i], order[i] = floor.Int64(), i
		given += rounded[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for _, i := range order[:Round(sum)-given] {
		rounded[i]++
	}
	return rounded
}
