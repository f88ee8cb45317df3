package metrics_test

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// shownCompletions is what a reader of the Admin API sees of completions.
type shownCompletions struct {
	shownRow
	ByEditor, ByLanguage, ByModel struct {
		Basis metrics.Basis
		Rows  []shownRow
	}
}

type shownRow struct {
	Name                string
	Suggested, Accepted *int64
	AcceptanceRate      *float64
}

// exactRate returns accepted ÷ suggested, computed with fractions. Halves are rounded up.
func exactRate(accepted, suggested *int64) *float64 {
	if accepted == nil || suggested == nil || *suggested == 0 {
		return nil
	}
	rounded, err := strconv.ParseFloat(big.NewRat(*accepted, *suggested).FloatString(4), 64)
	if err != nil {
		panic(err)
	}
	return &rounded
}

func TestEachRateFollowsFromTheCountsBesideIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := days.Draw(t, "days")
		totals := metrics.Sum(days, nil)
		if totals.Completions == nil {
			return
		}
		var shown shownCompletions
		fromJSON(t, asJSON(t, totals.Completions), &shown)
		if diff := cmp.Diff(exactRate(shown.Accepted, shown.Suggested), shown.AcceptanceRate); diff != "" {
			t.Errorf("rates of the range (-want +got):\n%s", diff)
		}
		for _, row := range append(shown.ByLanguage.Rows, shown.ByModel.Rows...) {
			if diff := cmp.Diff(exactRate(row.Accepted, row.Suggested), row.AcceptanceRate); diff != "" {
				t.Errorf("rate of %+v (-want +got):\n%s", row, diff)
			}
		}
		for _, row := range shown.ByEditor.Rows {
			if row.AcceptanceRate != nil {
				t.Errorf("%s, which counts all features, has a rate of completions", row.Name)
			}
		}
	})
}

// completed returns a final day with completions. GitHub reports these counts in total and for one language.
func completed(suggested, accepted *int64) metrics.Day {
	row := metrics.CompletionRow{Name: "go", Suggested: suggested, Accepted: accepted}
	return metrics.Day{State: metrics.Final, Usage: metrics.Usage{ActiveUsers: count(1), Completions: &metrics.Completions{
		Suggested: suggested, Accepted: accepted,
		ByLanguage: metrics.Breakdown{Basis: metrics.BasisCompletions, Rows: []metrics.CompletionRow{row}},
	}}}
}

func TestASumIsUnknownIfADayLeavesOutItsPart(t *testing.T) {
	partly, whole, without := completed(count(10), nil), completed(count(10), count(3)), completed(nil, nil)
	without.Completions = nil
	for name, test := range map[string]struct {
		days                []metrics.Day
		suggested, accepted *int64
		rate                *float64
	}{
		"all known":             {[]metrics.Day{whole, whole}, count(20), count(6), new(0.3)},
		"one left out first":    {[]metrics.Day{partly, whole}, count(20), nil, nil},
		"one left out last":     {[]metrics.Day{whole, whole, partly}, count(30), nil, nil},
		"left out on both":      {[]metrics.Day{partly, partly, whole}, count(30), nil, nil},
		"a day without a block": {[]metrics.Day{without, whole}, count(10), count(3), new(0.3)},
	} {
		completions := metrics.Sum(test.days, nil).Completions
		row := completions.ByLanguage.Rows[0]
		want := []any{test.suggested, test.accepted, test.rate, test.suggested, test.accepted, test.rate}
		got := []any{completions.Suggested, completions.Accepted, completions.AcceptanceRate, row.Suggested, row.Accepted, completions.ByLanguage.AcceptanceRate(row)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestARateRoundsHalvesUp(t *testing.T) {
	for accepted := int64(1); accepted < 20_000; accepted += 2 {
		b := metrics.Breakdown{Basis: metrics.BasisCompletions}
		got := b.AcceptanceRate(row("go", 20_000, accepted))
		if diff := cmp.Diff(exactRate(&accepted, new(int64(20_000))), got); diff != "" {
			t.Fatalf("%d of 20,000 (-want +got):\n%s", accepted, diff)
		}
	}
}

func TestADayStoredWithoutRatesHasThemWhenRead(t *testing.T) {
	for name, rate := range map[string]string{"without": "", "with another": `,"acceptanceRate":0.9`} {
		stored := `{"suggested":400,"accepted":100,"acceptanceRate":0.25,"linesSuggested":0,"linesAccepted":0,
			"byEditor":{"basis":"all_features","rows":[{"name":"vscode","suggested":500,"accepted":100` + rate + `}]},
			"byLanguage":{"basis":"completions","rows":[{"name":"go","suggested":400,"accepted":100` + rate + `}]},
			"byModel":{"basis":"not_reported","rows":[]}}`
		var read metrics.Completions
		fromJSON(t, stored, &read)
		var shown shownCompletions
		fromJSON(t, asJSON(t, read), &shown)
		editor, language := shown.ByEditor.Rows[0], shown.ByLanguage.Rows[0]
		if editor.AcceptanceRate != nil || language.AcceptanceRate == nil || *language.AcceptanceRate != 0.25 {
			t.Errorf("stored %s: %s", name, asJSON(t, read))
		}
	}
}
