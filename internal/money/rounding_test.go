package money_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

func TestHalvesAreRoundedAwayFromZero(t *testing.T) {
	t.Parallel()
	for tenths, want := range map[int64]int64{0: 0, 4: 0, 5: 1, 6: 1, 14: 1, 15: 2, -4: 0, -5: -1, -6: -1, -14: -1, -15: -2} {
		if got := money.Round(big.NewRat(tenths, 10)); got != want {
			t.Errorf("%d tenths are rounded to %d, want %d", tenths, got, want)
		}
	}
}

func TestRoundedPartsAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		thirds, want []int64
	}{
		"nothing":                                     {nil, []int64{}},
		"the largest remainder gets the unit":         {[]int64{1, 2, 0}, []int64{0, 1, 0}},
		"of equal remainders the first gets the unit": {[]int64{1, 1, 1}, []int64{1, 0, 0}},
		"two units are missing":                       {[]int64{5, 5, 5}, []int64{2, 2, 1}},
		"negative parts":                              {[]int64{-1, -1, 5}, []int64{0, 0, 1}},
		"whole numbers stay":                          {[]int64{3, 6, -3}, []int64{1, 2, -1}},
	} {
		parts := make([]*big.Rat, len(test.thirds))
		for i, n := range test.thirds {
			parts[i] = big.NewRat(n, 3)
		}
		if diff := cmp.Diff(test.want, money.Allocate(parts)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.Custom(func(t *rapid.T) *big.Rat {
			return big.NewRat(rapid.Int64Range(-10_000, 10_000).Draw(t, "n"), rapid.Int64Range(1, 97).Draw(t, "of"))
		})).Draw(t, "parts")
		sum := new(big.Rat)
		var rounded int64
		for i, n := range money.Allocate(parts) {
			sum.Add(sum, parts[i])
			rounded += n
			if away := new(big.Rat).Sub(big.NewRat(n, 1), parts[i]); away.Abs(away).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Errorf("%s is rounded to %d", parts[i], n)
			}
		}
		if want := money.Round(sum); rounded != want {
			t.Errorf("the parts add up to %d, want %d", rounded, want)
		}
	})
}

func TestUnknownAmountsHaveNoValue(t *testing.T) {
	t.Parallel()
	dollar := big.NewRat(1, 1)
	known := money.Prices{Currency: "USD", Credit: decimal("0.01")}
	if got := known.CreditValue(big.NewRat(250, 1)); got == nil || got.Cmp(big.NewRat(5, 2)) != 0 {
		t.Errorf("250 credits are worth %v", got)
	}
	if diff := cmp.Diff(dollars(100), known.Money(dollar)); diff != "" {
		t.Errorf("a dollar (-want +got):\n%s", diff)
	}
	for name, got := range map[string]bool{
		"no amount":                        known.Money(nil) == nil,
		"no currency":                      money.Prices{}.Money(dollar) == nil,
		"credits without a price":          money.Prices{Currency: "USD"}.CreditValue(dollar) == nil,
		"credits without a currency":       money.Prices{Credit: decimal("0.01")}.CreditValue(dollar) == nil,
		"a seat without a price":           money.Prices{Currency: "USD"}.Seat(copilot.PlanBusiness) == nil,
		"a seat on a plan without a price": list("2026-11-01").Seat(copilot.PlanUnknown) == nil,
		"a seat on a listed plan":          list("2026-11-01").Seat(copilot.PlanBusiness) != nil,
	} {
		if !got {
			t.Errorf("%s: wrong", name)
		}
	}
}

func TestDecimalsAreBounded(t *testing.T) {
	t.Parallel()
	longest := "0." + strings.Repeat("1", 38)
	for text, taken := range map[string]bool{
		longest: true, longest + "1": false, "1000000000000": true, "-1000000000000": true, "1000000000000.01": false, "-1000000000000.01": false,
	} {
		if _, err := money.ParseDecimal(text); (err == nil) != taken {
			t.Errorf("%s: got %v, want accepted %v", text, err, taken)
		}
	}
}

func TestASecondAgreementInTheSameCurrencyKeepsTheFirst(t *testing.T) {
	t.Parallel()
	deployment, connector := agreed(t, `{"business":"17","currency":"USD"}`), agreed(t, `{"enterprise":"30","currency":"USD"}`)
	for _, agreements := range [][]money.Agreed{{deployment, connector}, {connector, deployment}} {
		prices := money.PricesIn(*dayOf("2026-11-01"), slices.Clone(agreements)...)
		got := []*money.Money{prices.Seat(copilot.PlanBusiness), prices.Seat(copilot.PlanEnterprise)}
		if diff := cmp.Diff([]*money.Money{dollars(17_00), dollars(30_00)}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// The stored numbers of a bill must be read again, even if GitHub's numbers have rounding noise.
func TestADecimalIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1e-50": "0.00", "-1.1102230246251565e-26": "0.00", "1.1102230246251565e-17": "0.000000000000000011102230246251565",
		"123456789012.123456789012345678901234567": "123456789012.123456789012345678901234567", "1e-99": "0.00", "17.5": "17.50",
	} {
		d, err := money.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		written, _ := d.MarshalText()
		again, err := money.ParseDecimal(string(written))
		if err != nil || !again.Equal(d) || string(written) != want {
			t.Errorf("%s is written %s and read %s, %v", text, written, again, err)
		}
	}
}
