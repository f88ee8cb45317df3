package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Untold is the Count, and the Credits, of what GitHub left out.
const Untold = -1

// Count is how often something happened, or Untold. It is for where there are very many; elsewhere nil is unknown.
type Count int64

// Ptr returns the count, nil when it is untold.
func (n Count) Ptr() *int64 {
	if n == Untold {
		return nil
	}
	return new(int64(n))
}

// Plus adds a count; where either is untold, so is the sum.
func (n Count) Plus(m Count) Count {
	if n == Untold || m == Untold {
		return Untold
	}
	return n + m
}

// rate returns part ÷ whole in four decimals, or nil where that says nothing.
func rate(part, whole *int64) *float64 {
	if part == nil || whole == nil || *whole == 0 {
		return nil
	}
	r := math.Round(float64(*part)*1e4/float64(*whole)) / 1e4 // multiplied first, halves are exact and round up
	return &r
}

// Share returns part ÷ whole in four decimals, or nil where the whole is nothing.
func Share(part, whole int64) *float64 { return rate(&part, &whole) }

// Credits is an amount of AI credits in millionths of one, so that sums do not depend on their order.
type Credits int64

const (
	creditUnit = 1_000_000
	// maxCredits bounds one person's day, and leaves room for the sum over millions of people.
	maxCredits = 1_000_000
)

func creditsOf(f float64) Credits { return Credits(math.Round(f * creditUnit)) }

// Ptr returns the credits, nil when they are untold.
func (c Credits) Ptr() *Credits {
	if c == Untold {
		return nil
	}
	return &c
}

// plus adds credits: untold adds nothing, and both untold stay untold.
func (c Credits) plus(d Credits) Credits {
	if c == Untold || d == Untold {
		return max(c, d)
	}
	return c + d
}

// Float returns the credits as a number.
func (c Credits) Float() float64 { return float64(c) / creditUnit }

// decimals is how many a credit has.
const decimals = 6

// MarshalJSON implements json.Marshaler. It writes every decimal, so that what is stored compares equal to what was read: a
// float64 has none to spare beyond some billions.
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
	var f float64 // with an exponent, or more decimals than are kept
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*c = creditsOf(f)
	return nil
}
