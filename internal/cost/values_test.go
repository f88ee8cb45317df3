package cost_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// daysAgo returns the time that many days before now; days may have fractions.
func daysAgo(n float64) *time.Time { return new(now.Add(-time.Duration(n * float64(24*time.Hour)))) }

func dayOf(s string) *calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func person(id int64) *int64 { return &id }

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

// viewed returns a view of seats without any usage report.
func viewed(at time.Time, idleAfterDays int) seat.View {
	return seat.View{At: at, IdleAfterDays: idleAfterDays}
}

func mustEqualJSON(t *testing.T, want string, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	check(t, err)
	if diff := cmp.Diff(decode[any](t, []byte(want)), decode[any](t, text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func agreed(t *testing.T, text string) money.Agreed {
	t.Helper()
	a, err := money.ParseAgreed([]byte(text))
	check(t, err)
	return a
}

// list returns GitHub's prices in November 2026.
func list() money.Prices { return money.ListPrices(*dayOf("2026-11-01")) }
