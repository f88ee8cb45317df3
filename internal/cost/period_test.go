package cost_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func TestAMonthEndsWithItsLastDayOrToday(t *testing.T) {
	for _, test := range []struct {
		month, from, to string
		days            int
		over            bool
	}{
		{"2026-11", "2026-11-01", "2026-11-22", 30, false},
		{"2026-10", "2026-10-01", "2026-10-31", 31, true},
		{"2026-02", "2026-02-01", "2026-02-28", 28, true},
		{"2024-02", "2024-02-01", "2024-02-29", 29, true},
		{"2025-12", "2025-12-01", "2025-12-31", 31, true},
	} {
		p, err := cost.ParseMonth(test.month, now)
		if err != nil || p.From != *dayOf(test.from) || p.To != *dayOf(test.to) || p.Days() != test.days || p.Over != test.over || p.String() != test.month {
			t.Errorf("%s is %s from %s to %s of %d days, over: %v, %v", test.month, p, p.From, p.To, p.Days(), p.Over, err)
		}
	}
	for _, wrong := range []string{"", "2026", "2026-13", "2026-00", "2026-1", "2026-11-01", "26-11", "2026-12", "9999-01", "November"} {
		if p, err := cost.ParseMonth(wrong, now); err == nil {
			t.Errorf("%q is %s", wrong, p)
		}
	}
}

func TestTheMonthToDateIncludesToday(t *testing.T) {
	for at, want := range map[time.Time]string{
		now: "2026-11-22",
		time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC):                      "2026-12-01",
		time.Date(2026, 12, 1, 0, 30, 0, 0, time.FixedZone("east", 3600)): "2026-11-30",
	} {
		p := cost.MonthToDate(at)
		if p.To != *dayOf(want) || p.From != *dayOf(want[:8] + "01") {
			t.Errorf("at %s: from %s to %s", at, p.From, p.To)
		}
	}
}

func TestSnapshotsUpToSevenDaysAwayCount(t *testing.T) {
	for month, want := range map[string][2]string{"2026-10": {"2026-09-24", "2026-11-07"}, "2026-11": {"2026-10-25", "2026-11-22"}} {
		p, err := cost.ParseMonth(month, now)
		check(t, err)
		if near := p.Snapshots(); near.From != *dayOf(want[0]) || near.To != *dayOf(want[1]) {
			t.Errorf("%s: %s to %s", month, near.From, near.To)
		}
	}
}
