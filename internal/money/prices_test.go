package money_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

func list(day string) money.Prices { return money.ListPrices(*dayOf(day)) }

func agreed(t *testing.T, text string) money.Agreed {
	t.Helper()
	a, err := money.ParseAgreed([]byte(text))
	check(t, err)
	return a
}

func TestTheListPricesDependOnTheDay(t *testing.T) {
	const business, enterprise = copilot.PlanBusiness, copilot.PlanEnterprise
	credits := func(n int64) *int64 { return &n }
	for day, want := range map[string]struct {
		business, enterprise *int64
		credit               *money.Decimal
	}{
		"2025-10-10": {nil, nil, nil},
		"2026-05-31": {nil, nil, nil},
		"2026-06-01": {credits(3000), credits(7000), decimal("0.01")},
		"2026-08-31": {credits(3000), credits(7000), decimal("0.01")},
		"2026-09-01": {credits(1900), credits(3900), decimal("0.01")},
		"2030-01-01": {credits(1900), credits(3900), decimal("0.01")},
	} {
		wanted := money.Prices{Currency: "USD", Credit: want.credit, Plans: map[copilot.Plan]money.PlanPrice{
			business: {Seat: decimal("19"), Credits: want.business}, enterprise: {Seat: decimal("39"), Credits: want.enterprise},
		}}
		if diff := cmp.Diff(wanted, list(day)); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", day, diff)
		}
	}
}

func TestAgreedPricesReplaceListPrices(t *testing.T) {
	const business, enterprise = copilot.PlanBusiness, copilot.PlanEnterprise
	usd := func(cents int64) *money.Money { return dollars(cents) }
	eur := func(cents int64) *money.Money { return &money.Money{Cents: cents, Currency: "EUR", Estimated: true} }
	for _, test := range []struct {
		name                 string
		agreements           []string // first the deployment's, then the connector's
		business, enterprise *money.Money
		credit               *money.Decimal
	}{
		{"nothing agreed", []string{`{}`, `{}`}, usd(1900), usd(3900), decimal("0.01")},
		{"one plan", []string{`{"business":"17.5"}`}, usd(1750), usd(3900), decimal("0.01")},
		{"the connector's prices replace the deployment's", []string{`{"business":"17","enterprise":"35"}`, `{"business":"16"}`}, usd(1600), usd(3500), decimal("0.01")},
		{"prices of zero", []string{`{"business":"0"}`}, usd(0), usd(3900), decimal("0.01")},
		{"the same currency", []string{`{"business":"17","currency":"USD"}`}, usd(1700), usd(3900), decimal("0.01")},
		{"in another currency no list price applies", []string{`{"business":"17.50","currency":"EUR"}`}, eur(1750), nil, nil},
		{"all prices in another currency", []string{`{"business":"17.50","enterprise":"35","credit":"0.009","currency":"EUR"}`}, eur(1750), eur(3500), decimal("0.009")},
		{"a connector in the deployment's currency", []string{`{"business":"18","enterprise":"36","currency":"EUR"}`, `{"business":"17"}`}, eur(1700), eur(3600), nil},
		{"a currency alone", []string{`{"currency":"EUR"}`}, nil, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			prices := list("2026-11-01")
			for _, text := range test.agreements {
				prices = prices.With(agreed(t, text))
			}
			if diff := cmp.Diff([]*money.Money{test.business, test.enterprise, nil},
				[]*money.Money{prices.Seat(business), prices.Seat(enterprise), prices.Seat(copilot.PlanUnknown)}); diff != "" {
				t.Errorf("seats of Business, Enterprise, an unknown plan (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.credit, prices.Credit); diff != "" {
				t.Errorf("a credit (-want +got):\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff(new(int64(2500)), list("2026-11-01").With(agreed(t, `{"businessCredits":2500,"currency":"EUR"}`)).Plans[business].Credits); diff != "" {
		t.Errorf("included credits have no currency (-want +got):\n%s", diff)
	}
}

func TestBackInDollarsTheListPricesApplyAgain(t *testing.T) {
	const euros = `{"business":"17","enterprise":"35","credit":"0.009","businessCredits":2500,"currency":"EUR"}`
	usd := func(cents int64) *money.Money { return dollars(cents) }
	eur := func(cents int64) *money.Money { return &money.Money{Cents: cents, Currency: "EUR", Estimated: true} }
	for _, test := range []struct {
		connector            string
		business, enterprise *money.Money
		credit               *money.Decimal
	}{
		{`{"currency":"USD"}`, usd(1900), usd(3900), decimal("0.01")},
		{`{"currency":"USD","business":"18"}`, usd(1800), usd(3900), decimal("0.01")},
		{`{"currency":"CHF"}`, nil, nil, nil},
		{`{"business":"18"}`, eur(1800), eur(3500), decimal("0.009")},
	} {
		prices := money.PricesIn(*dayOf("2026-11-01"), agreed(t, euros), agreed(t, test.connector))
		if diff := cmp.Diff([]*money.Money{test.business, test.enterprise},
			[]*money.Money{prices.Seat(copilot.PlanBusiness), prices.Seat(copilot.PlanEnterprise)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.connector, diff)
		}
		if diff := cmp.Diff(test.credit, prices.Credit); diff != "" || *prices.Plans[copilot.PlanBusiness].Credits != 2500 {
			t.Errorf("%s: %+v, a credit (-want +got):\n%s", test.connector, prices, diff)
		}
	}
	if diff := cmp.Diff(list("2026-06-01"), money.PricesIn(*dayOf("2026-06-01"), agreed(t, `{"since":"2026-07","business":"1"}`))); diff != "" {
		t.Errorf("before the agreement starts (-want +got):\n%s", diff)
	}
}

func TestAgreedPricesAreStoredAsGiven(t *testing.T) {
	const text = `{"currency":"EUR","business":"17.50","enterprise":"35.00","businessCredits":0,"enterpriseCredits":5000,"credit":"0.009"}`
	stored, err := json.Marshal(agreed(t, text))
	check(t, err)
	if string(stored) != text {
		t.Error(string(stored))
	}
}

func TestInvalidPricesAreRefusedByName(t *testing.T) {
	for text, fields := range map[string][]string{
		`{"business":"-1"}`:                {"business"},
		`{"business":"17.505"}`:            {"business"},
		`{"enterprise":"100000.01"}`:       {"enterprise"},
		`{"business":"100001"}`:            {"business"},
		`{"credit":"0.0000001"}`:           {"credit"},
		`{"credit":"-0.01"}`:               {"credit"},
		`{"credit":"1000.1"}`:              {"credit"},
		`{"credit":"1000.000001"}`:         {"credit"},
		`{"businessCredits":-1}`:           {"businessCredits"},
		`{"enterpriseCredits":10000001}`:   {"enterpriseCredits"},
		`{"currency":"euro"}`:              {"currency"},
		`{"currency":"eur"}`:               {"currency"},
		`{"business":"-1","currency":"€"}`: {"business", "currency"},
		`{"business":"cheap"}`:             {"business"},
		`{"business":17.5}`:                {"business"},
		`{"business":"1e2"}`:               {"business"},
		`{"business":"1e999999999"}`:       {"business"},
		`{"business":" 17"}`:               {"business"},
		`{"business":"+17"}`:               {"business"},
		`{"business":".5"}`:                {"business"},
		`{"business":""}`:                  {"business"},
		`{"business":null}`:                {"business"},
		`{"business":["17"]}`:              {"business"},
		`{"credit":0.009}`:                 {"credit"},
		`{"credit":"9e-3"}`:                {"credit"},
		`{"businessCredits":1.5}`:          {"businessCredits"},
		`{"businessCredits":"1900"}`:       {"businessCredits"},
		`{"businessCredits":null}`:         {"businessCredits"},
		`{"currency":"ZZZ"}`:               {"currency"},
		`{"currency":"DEM"}`:               {"currency"}, // no longer in use
		`{"currency":"XAU"}`:               {"currency"}, // gold
		`{"currency":"XXX"}`:               {"currency"},
		`{"currency":"UR "}`:               {"currency"},
		`{"currency":""}`:                  {"currency"},
		`{"currency":978}`:                 {"currency"},
		`{"since":"2026-13"}`:              {"since"},
		`{"since":"2026-1"}`:               {"since"},
		`{"since":"2026-11-01"}`:           {"since"},
		`{"since":"1999-12"}`:              {"since"},
		`{"since":""}`:                     {"since"},
		`{"since":202611}`:                 {"since"},
		`{"standalone":"10"}`:              {""},
		`{"Business":"10"}`:                {""},
		`null`:                             {""},
		`[]`:                               {""},
		``:                                 {""},
		`{} {}`:                            {""},
		`{"business":"19"`:                 {""},
	} {
		_, err := money.ParseAgreed([]byte(text))
		wrong, ok := errors.AsType[money.InvalidPrices](err)
		if !ok {
			t.Errorf("%s: got the error %v, want fields", text, err)
			continue
		}
		var got []string
		for _, w := range wrong {
			got = append(got, w.Field)
		}
		if diff := cmp.Diff(fields, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	_, err := money.ParseAgreed([]byte(`{"business":"-1","currency":"x"}`))
	const want = `prices: business must be a price from 0 to 100000 as a string, with at most two decimals, such as "17.50"; ` +
		"currency must be the code of a currency by ISO 4217, such as EUR"
	if err == nil || err.Error() != want {
		t.Error(err)
	}
}

func TestTheHighestAndLowestPricesAreAccepted(t *testing.T) {
	t.Parallel()
	const most = `{"business":"100000.00","enterprise":"100000","businessCredits":10000000,"enterpriseCredits":10000000,"credit":"1000"}`
	prices := list("2026-11-01").With(agreed(t, most))
	for _, plan := range []copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise} {
		if diff := cmp.Diff(dollars(100_000_00), prices.Seat(plan)); diff != "" || *prices.Plans[plan].Credits != 10_000_000 {
			t.Errorf("%s includes %d credits (-want +got):\n%s", plan, *prices.Plans[plan].Credits, diff)
		}
	}
	if !prices.Credit.Equal(*decimal("1000")) {
		t.Errorf("a credit costs %s", prices.Credit)
	}
	least := list("2026-11-01").With(agreed(t, `{"business":"0","enterprise":"0.00","businessCredits":0,"enterpriseCredits":0,"credit":"0"}`))
	for _, plan := range []copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise} {
		if diff := cmp.Diff(dollars(0), least.Seat(plan)); diff != "" || *least.Plans[plan].Credits != 0 {
			t.Errorf("%s for nothing includes %d credits (-want +got):\n%s", plan, *least.Plans[plan].Credits, diff)
		}
	}
}

func FuzzAgreedPrices(f *testing.F) {
	f.Add([]byte(`{"business":"17.50","enterprise":"35","credit":"0.009","currency":"EUR","businessCredits":1,"enterpriseCredits":2}`))
	f.Add([]byte(`{"since":"2026-11","business":"007","credit":"1000.000000"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := money.ParseAgreed(text)
		if err != nil {
			return
		}
		stored, err := json.Marshal(a)
		check(t, err)
		again, err := money.ParseAgreed(stored)
		if diff := cmp.Diff(a, again); err != nil || diff != "" {
			t.Errorf("%s is kept as %s: %v\n%s", text, stored, err, diff)
		}
	})
}
