package awsbill_test

import (
	"fmt"
	"strconv"
	"strings"
)

// priceList is testdata/prices.json.
type priceList struct {
	Region, Checked string
	Prices          map[string]struct {
		Dollars, Per float64
		Unit, Source string
	}
}

// of returns the price of one unit.
func (p priceList) of(name string) float64 {
	price, ok := p.Prices[name]
	if !ok {
		panic("testdata/prices.json does not know " + name)
	}
	return price.Dollars / price.Per
}

// words returns a price in the words of AWS's price list.
func (p priceList) words(names []string) string {
	var all []string
	for _, name := range names {
		price, per := p.Prices[name], ""
		dollars := strconv.FormatFloat(price.Dollars, 'f', -1, 64)
		if cents := fmt.Sprintf("%.2f", price.Dollars); len(cents) > len(dollars) {
			dollars = cents
		}
		if price.Per > 1 {
			per = grouped(price.Per) + " "
		}
		all = append(all, fmt.Sprintf("$%s / %s%s", dollars, per, price.Unit))
	}
	return strings.Join(all, ", ")
}

func money(dollars float64) string {
	if cents := fmt.Sprintf("%.2f", dollars); cents != "0.00" {
		whole, rest, _ := strings.Cut(cents, ".")
		n, _ := strconv.ParseFloat(whole, 64) // %f has written it
		return grouped(n) + "." + rest
	}
	return "< 0.01"
}

// grouped returns a number without decimals, with a comma after each group of three digits.
func grouped(n float64) string {
	text := strconv.FormatFloat(n, 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
