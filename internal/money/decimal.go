package money

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
)

// Decimal is an exact decimal number, such as a price or GitHub's quantities and amounts. The zero value is 0. It does
// not change.
type Decimal struct{ r *big.Rat } // nil is 0

// decimalPattern and maxDecimalText bound what is computed from a text: an exponent of millions takes as many digits.
var decimalPattern = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$`)

const maxDecimalText = 40

// maxDecimal is far beyond what anybody is billed, in all of a bill as well, and leaves room for sums in cents and in
// millionths.
var maxDecimal = big.NewRat(1_000_000_000_000, 1)

var errNotDecimal = errors.New("not a decimal number")

// ParseDecimal reads a number in JSON's notation. The error does not repeat it.
func ParseDecimal(text string) (Decimal, error) {
	if len(text) > maxDecimalText || !decimalPattern.MatchString(text) {
		return Decimal{}, errNotDecimal
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || new(big.Rat).Abs(r).Cmp(maxDecimal) > 0 {
		return Decimal{}, errNotDecimal
	}
	return Decimal{r}, nil
}

// Hundredths is a number of hundredths, for tables of prices.
func Hundredths(n int64) Decimal { return Decimal{big.NewRat(n, 100)} }

// String returns all of its digits, and no more.
func (d Decimal) String() string {
	digits, _ := d.Rat().FloatPrec() // exact: its only factors are those of ten
	return d.Rat().FloatString(digits)
}

// Equal reports whether both are the same number, however they were written.
func (d Decimal) Equal(other Decimal) bool { return d.Rat().Cmp(other.Rat()) == 0 }

// MarshalText implements encoding.TextMarshaler: in JSON it is a string, of at least two decimals, as money is written.
func (d Decimal) MarshalText() ([]byte, error) {
	digits, _ := d.Rat().FloatPrec()
	return []byte(d.Rat().FloatString(max(digits, 2))), nil
}

// UnmarshalJSON implements json.Unmarshaler: a string, or a number as GitHub sends it.
func (d *Decimal) UnmarshalJSON(text []byte) (err error) {
	number := string(text)
	if strings.HasPrefix(number, `"`) {
		number = strings.Trim(number, `"`)
	}
	*d, err = ParseDecimal(number)
	return err
}

// Rat returns the number. It is never nil, and must not be changed.
func (d Decimal) Rat() *big.Rat {
	if d.r == nil {
		return nothing
	}
	return d.r
}

// nothing is zero, not to be changed.
var nothing = new(big.Rat)
