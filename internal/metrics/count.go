package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Untold is the value of a Count or of Credits that GitHub left out.
const Untold = -1

// Count is a count, or Untold. It is used where there are very many counts. Elsewhere a nil pointer means unknown.
type Count int64

// Ptr returns the count, or nil if it is untold.
func (n Count) Ptr() *int64 {
	if n == Untold {
		return nil
	}
	return new(int64(n))
}

// Plus returns the sum of two counts. It is untold if either is.
func (n Count) Plus(m Count) Count {
	if n == Untold || m == Untold {
		return Untold
	}
	return n + m
}

// rate returns part ÷ whole with four decimals, or nil if there is no such rate.
func rate(part, whole *int64) *float64 {
	if part == nil || whole == nil || *whole == 0 {
		return nil
	}
	r := math.Round(float64(*part)*1e4/float64(*whole)) / 1e4 // multiplied first, so that halves are exact and are rounded up
	return &r
}

// Share returns part ÷ whole with four decimals, or nil if the whole is 0.
func Share(part, whole int64) *float64 { return rate(&part, &whole) }

// Credits is an amount of AI credits in millionths of a credit, so that sums do not depend on their order.
type Credits int64

const (
	creditUnit = 1_000_000
	// maxCredits bounds the credits of one person and day. The sum over millions of people still fits.
	maxCredits = 1_000_000
)

func creditsOf(f float64) Credits { return Credits(math.Round(f * creditUnit)) }

// Ptr returns the credits, or nil if they are untold.
func (c Credits) Ptr() *Credits {
	if c == Untold {
		return nil
	}
	return &c
}

// plus returns the sum of two amounts. An untold amount adds nothing. The sum is untold only if both are.
func (c Credits) plus(d Credits) Credits {
	if c == Untold || d == Untold {
		return max(c, d)
	}
	return c + d
}

// Float returns the credits as a number.
func (c Credits) Float() float64 { return float64(c) / creditUnit }

// decimals is the number of decimals of a credit.
const decimals = 6

// MarshalJSON implements json.Marshaler. It writes every decimal, so that a stored value equals the one that was read. A float64
// would lose decimals beyond some billions.
func (c Credits) MarshalJSON() ([]byte, error) {
	digits := fmt.Sprintf("%0*d", decimals+1, max(c, -c))
	whole, fraction := digits[:len(digits)-decimals], strings.TrimRight(digits[len(digits)-decimals:], "0")
	text := whole
	if fraction != "" {
		text += "." + fraction
	}
	if c < 0 {
		text = "-" + text
	}
	return []byte(text), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *Credits) UnmarshalJSON(text []byte) error {
	whole, fraction, _ := strings.Cut(string(text), ".")
	if len(fraction) <= decimals {
		if n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64); err == nil {
			*c = Credits(n)
			return nil
		}
	}
	var f float64 // the number has an exponent, or more decimals than we keep
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*c = creditsOf(f)
	return nil
}
