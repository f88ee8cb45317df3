package money_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/money"
)

func dollars(cents int64) *money.Money {
	return &money.Money{Cents: cents, Currency: "USD", Estimated: true}
}

func decimal(text string) *money.Decimal {
	d, err := money.ParseDecimal(text)
	if err != nil {
		panic(err)
	}
	return &d
}

func TestMoneyIsShownInCents(t *testing.T) {
	for want, cents := range map[string]int64{
		"1900.00": 190_000, "0.00": 0, "0.01": 1, "-0.05": -5, "-12.30": -1230, "92233720368547758.07": 1<<63 - 1,
	} {
		mustEqualJSON(t, `{"amount":"`+want+`","currency":"USD","estimated":true}`, dollars(cents))
	}
	mustEqualJSON(t, `{"amount":"0.00","currency":"EUR","estimated":false}`, money.Money{Currency: "EUR"})
}

func TestShownMoneyIsReadUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shown := money.Money{
			Cents:     rapid.Int64Range(-1e13, 1e13).Draw(t, "cents"),
			Currency:  rapid.SampledFrom([]string{"USD", "EUR"}).Draw(t, "currency"),
			Estimated: rapid.Bool().Draw(t, "estimated"),
		}
		text, err := json.Marshal(shown)
		if err != nil {
			t.Fatal(err)
		}
		var back money.Money
		if err := json.Unmarshal(text, &back); err != nil || back != shown {
			t.Errorf("%s is read as %v: %v", text, back, err)
		}
	})
	for _, text := range []string{
		`{"amount":"1","currency":"USD"}`, `{"amount":"1.001","currency":"USD"}`, `{"amount":"1e2","currency":"USD"}`, `{"amount":"","currency":"USD"}`,
		`{"amount":"1.00","currency":"usd"}`, `{"amount":"1.00"}`, `{"amount":1.00,"currency":"USD"}`, `"1.00"`, `{"amount":"9999999999999999.00","currency":"USD"}`,
		`{"amount":"999999999999999.00","currency":"USD"}`,
	} {
		if err := json.Unmarshal([]byte(text), new(money.Money)); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

func TestCalculationsStayInOneCurrency(t *testing.T) {
	exact := &money.Money{Cents: 100, Currency: "USD"}
	euros := &money.Money{Cents: 100, Currency: "EUR"}
	for name, test := range map[string]struct{ got, want *money.Money }{
		"a sum with an estimate is an estimate":             {exact.Add(dollars(5)), dollars(105)},
		"an estimate plus an exact amount is an estimate":   {dollars(5).Add(exact), dollars(105)},
		"a sum of exact amounts is exact":                   {exact.Add(exact), &money.Money{Cents: 200, Currency: "USD"}},
		"a sum with an unknown part is unknown":             {exact.Add(nil), nil},
		"a sum that begins with an unknown part is unknown": {(*money.Money)(nil).Add(exact), nil},
		"currencies do not add up":                          {exact.Add(euros), nil},
		"three times":                                       {dollars(7).Times(3), dollars(21)},
		"an unknown amount times three":                     {(*money.Money)(nil).Times(3), nil},
		"divided, rounded down":                             {dollars(100).Over(3), dollars(33)},
		"divided, rounded up":                               {dollars(200).Over(3), dollars(67)},
		"half a cent goes up":                               {dollars(1).Over(2), dollars(1)},
		"half a cent less goes down":                        {dollars(-1).Over(2), dollars(-1)},
		"divided by zero":                                   {dollars(100).Over(0), nil},
		"an unknown amount divided":                         {(*money.Money)(nil).Over(2), nil},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if order, ok := exact.Compare(*dollars(99)); order != 1 || !ok {
		t.Errorf("1.00 against 0.99: %d, %v", order, ok)
	}
	if _, ok := exact.Compare(*euros); ok {
		t.Error("dollars can be compared with euros")
	}
	if got := dollars(190_000).String(); got != "1900.00 USD" {
		t.Error(got)
	}
}

func TestDecimalsAreExact(t *testing.T) {
	for given, want := range map[string]struct{ digits, money string }{
		`0.1`:                 {"0.1", "0.10"},
		`"17.50"`:             {"17.5", "17.50"},
		`1e3`:                 {"1000", "1000.00"},
		`4.1e-5`:              {"0.000041", "0.000041"},
		`0.30000000000000004`: {"0.30000000000000004", "0.30000000000000004"},
		`-2.50`:               {"-2.5", "-2.50"},
		`0`:                   {"0", "0.00"},
		`-0`:                  {"0", "0.00"},
		`1000000000000`:       {"1000000000000", "1000000000000.00"},
	} {
		var d money.Decimal
		if err := json.Unmarshal([]byte(given), &d); err != nil || d.String() != want.digits {
			t.Errorf("%s is read as %s: %v", given, d, err)
		}
		if text, err := json.Marshal(d); err != nil || string(text) != `"`+want.money+`"` {
			t.Errorf("%s is written as %s: %v", given, text, err)
		}
	}
	for _, given := range []string{
		`""`, `"1,5"`, `"1."`, `".5"`, `" 1"`, `"1/3"`, `"0x1"`, `"Inf"`, `"NaN"`, `1e100`, `1e13`, `-1e13`, `null`, `true`, `{}`,
		`0.00000000000000000000000000000000000000001`, `"1""`,
	} {
		if err := json.Unmarshal([]byte(given), new(money.Decimal)); err == nil {
			t.Errorf("%s is accepted", given)
		}
	}
	if !decimal("1.50").Equal(*decimal("15e-1")) || decimal("1.5").Equal(*decimal("1.6")) || !(money.Decimal{}).Equal(*decimal("0")) {
		t.Error("Equal is wrong about equal or different numbers")
	}
}

// noise is the largest loss of a number that has more decimals than the written form.
var noise, _ = new(big.Rat).SetString("1e-24")

func FuzzDecimalsMeanWhatTheySay(f *testing.F) {
	for _, seed := range []string{"0", "-1.5", "1e-99", "123456789012", "1e12", "00.10"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := money.ParseDecimal(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		got, also := new(big.Rat).SetString(d.String())
		if !ok || !also {
			t.Fatalf("%q is %s", text, d)
		}
		off := new(big.Rat).Sub(want, got)
		if off.Abs(off).Cmp(noise) > 0 {
			t.Errorf("%q is %s", text, d)
		}
		if again, err := money.ParseDecimal(d.String()); err != nil || !again.Equal(d) {
			t.Errorf("%s is read as %s: %v", d, again, err)
		}
	})
}
