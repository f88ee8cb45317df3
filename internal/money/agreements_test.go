package money_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

func TestPricesApplyFromTheirMonthOn(t *testing.T) {
	for _, test := range []struct {
		name   string
		stored string // stored before
		given  []string
		want   map[string]int64 // cents of a Business seat by month
	}{
		{"without a month they apply to every month", ``, []string{`{"business":"17"}`}, map[string]int64{"2025-01": 1700, "2026-10": 1700, "2027-01": 1700}},
		{"before it, the list prices", ``, []string{`{"business":"17","since":"2026-11"}`}, map[string]int64{"2026-10": 1900, "2026-11": 1700, "2027-01": 1700}},
		{"before it, the prices agreed earlier", `{"business":"18"}`, []string{`{"business":"17","since":"2026-11"}`}, map[string]int64{"2026-10": 1800, "2026-11": 1700}},
		{
			"one after another", ``,
			[]string{`{"business":"18","since":"2026-03"}`, `{"business":"17","since":"2026-11"}`},
			map[string]int64{"2026-02": 1900, "2026-03": 1800, "2026-10": 1800, "2026-11": 1700},
		},
		{"mended", ``, []string{`{"business":"18","since":"2026-11"}`, `{"business":"17","since":"2026-11"}`}, map[string]int64{"2026-10": 1900, "2026-11": 1700}},
		{
			"corrected from an earlier month on", ``,
			[]string{`{"business":"18","since":"2026-11"}`, `{"business":"17","since":"2026-09"}`},
			map[string]int64{"2026-08": 1900, "2026-09": 1700, "2026-11": 1700},
		},
		{"for every month, replacing all others", ``, []string{`{"business":"18","since":"2026-11"}`, `{"business":"17"}`}, map[string]int64{"2026-01": 1700, "2026-12": 1700}},
		{"the list prices again", `{"business":"18"}`, []string{`{"since":"2026-11"}`}, map[string]int64{"2026-10": 1800, "2026-11": 1900}},
		{"removed", ``, []string{`{"business":"18","since":"2026-11"}`, `{}`}, map[string]int64{"2026-10": 1900, "2026-11": 1900}},
	} {
		t.Run(test.name, func(t *testing.T) {
			stored := []byte(test.stored)
			for _, given := range test.given {
				agreements, err := money.ReadAgreements(stored)
				check(t, err)
				stored = agreements.With(agreed(t, given)).Bytes()
			}
			agreements, err := money.ReadAgreements(stored)
			check(t, err)
			if diff := cmp.Diff(agreed(t, test.given[len(test.given)-1]), agreements.Last()); diff != "" {
				t.Errorf("the newest agreement (-want +got):\n%s", diff)
			}
			for month, want := range test.want {
				prices := list(month + "-01").With(agreements.In(*dayOf(month + "-01")))
				if diff := cmp.Diff(dollars(want), prices.Seat(copilot.PlanBusiness)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", month, diff)
				}
			}
		})
	}
}

func TestANewAgreementForAMonthReplacesTheOldOne(t *testing.T) {
	t.Parallel()
	var agreements money.Agreements
	for _, given := range []string{`{"business":"18","since":"2026-09"}`, `{"business":"17","since":"2026-11"}`, `{"business":"16","since":"2026-11"}`} {
		agreements = agreements.With(agreed(t, given))
	}
	const want = `[{"since":"2026-09","business":"18.00"},{"since":"2026-11","business":"16.00"}]`
	if got := string(agreements.Bytes()); got != want {
		t.Errorf("stored is %s", got)
	}
}

func TestADeploymentsPricesApplyFromTheirMonthOn(t *testing.T) {
	prices := agreed(t, `{"business":"17","since":"2026-11"}`)
	for month, want := range map[string]money.Agreed{"2026-10-01": {}, "2026-11-01": prices, "2026-11-30": prices, "2027-01-01": prices} {
		if diff := cmp.Diff(want, prices.In(*dayOf(month))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", month, diff)
		}
	}
}

func TestDamagedAgreementsAreAnError(t *testing.T) {
	for _, stored := range []string{`{"business":"x"}`, `[{"business":1},`, `["EUR"]`, `17`} {
		if got, err := money.ReadAgreements([]byte(stored)); err == nil {
			t.Errorf("%s is read as %+v, want an error", stored, got)
		}
	}
}

// Earlier versions accepted values that are no longer accepted. What they stored must still be readable.
func TestAgreementsOfEarlierVersionsAreStillRead(t *testing.T) {
	agreements, err := money.ReadAgreements([]byte(`{"business":"17.5","currency":"ZZZ"}`))
	check(t, err)
	want := &money.Money{Cents: 1750, Currency: "ZZZ", Estimated: true}
	if diff := cmp.Diff(want, list("2026-11-01").With(agreements.In(*dayOf("2026-11-01"))).Seat(copilot.PlanBusiness)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
