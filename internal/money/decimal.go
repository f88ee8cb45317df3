package money

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
)

// Decimal is an exact, immutable decimal number: a price, or one of GitHub's quantities and amounts. The zero value is 0.
type Decimal struct{ r *big.Rat } // nil is 0

// decimalPattern and maxDecimalText limit the work that a hostile text can cause: an exponent of a million would make a
// number of a million digits.
var decimalPattern = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$`)

const maxDecimalText = 40

// decimals is how many decimals a number can have at least, so that its text is no longer than what ParseDecimal reads again.
const decimals = 24

// maxDecimal is far larger than the total of any bill. Sums in cents and in millionths still fit into an int64.
var maxDecimal = big.NewRat(1_000_000_000_000, 1)

var errNotDecimal = errors.New("not a decimal number")

// ParseDecimal reads a number in JSON's notation. One with more decimals than can be written and read again, such as 1e-50, is
// rounded. The error does not repeat the input.
func ParseDecimal(text string) (Decimal, error) {
	if len(text) > maxDecimalText || !decimalPattern.MatchString(text) {
		return Decimal{}, errNotDecimal
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || new(big.Rat).Abs(r).Cmp(maxDecimal) > 0 {
		return Decimal{}, errNotDecimal
	}
	if d := (Decimal{r}); len(d.String()) <= maxDecimalText {
		return d, nil
	}
	return ParseDecimal(r.FloatString(decimals))
}

// DecimalOf returns a sum of decimal numbers, rounded to as many decimals as ParseDecimal reads again. It fails if the sum is
// larger than that of any bill.
func DecimalOf(r *big.Rat) (Decimal, error) {
	return ParseDecimal(r.FloatString(decimals))
}

// Hundredths returns n/100, for tables of prices.
func Hundredths(n int64) Decimal { return Decimal{big.NewRat(n, 100)} }

// String returns the number with exactly as many decimals as it needs.
func (d Decimal) String() string {
	digits, _ := d.Rat().FloatPrec() // exact: a decimal's denominator has only the factors 2 and 5
	return d.Rat().FloatString(digits)
}

// Equal reports whether both are the same number: 1.5 equals 1.50.
func (d Decimal) Equal(other Decimal) bool { return d.Rat().Cmp(other.Rat()) == 0 }

// MarshalText implements encoding.TextMarshaler. In JSON a Decimal is a string with at least two decimals, like money.
func (d Decimal) MarshalText() ([]byte, error) {
	digits, _ := d.Rat().FloatPrec()
	return []byte(d.Rat().FloatString(max(digits, 2))), nil
}

// UnmarshalJSON implements json.Unmarshaler. It accepts a string, or a number as GitHub sends it.
func (d *Decimal) UnmarshalJSON(text []byte) (err error) {
	number := string(text)
	if strings.HasPrefix(number, `"`) {
		number = strings.Trim(number, `"`)
	}
	*d, err = ParseDecimal(number)
	return err
}

// Rat returns the number. It is never nil, and the caller must not change it.
func (d Decimal) Rat() *big.Rat {
	if d.r == nil {
		return nothing
	}
	return d.r
}

// nothing is zero. Nobody may change it.
var nothing = new(big.Rat)
