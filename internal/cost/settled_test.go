package cost_test

import (
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func TestABillIsFinalFromTheSixthDayAfterItsMonth(t *testing.T) {
	t.Parallel()
	for month, first := range map[string]string{"2026-11-01": "2026-12-06", "2026-11-30": "2026-12-06", "2026-12-15": "2027-01-06", "2028-02-29": "2028-03-06"} {
		settles := dayOf(first).Start()
		for at, want := range map[time.Time]bool{settles.Add(-time.Second): false, settles: true, settles.AddDate(1, 0, 0): true} {
			if got := (cost.CreditBill{ReadAt: at}).IsFinal(*dayOf(month)); got != want {
				t.Errorf("the bill of the month of %s, read at %s, is final: %v", month, at, got)
			}
		}
	}
}

func TestAnOutdatedBillSaysSo(t *testing.T) {
	t.Parallel()
	const lost, again, tried = "the polls since then have failed to", "The first poll from then on reads it again.", "No poll has read it since."
	for _, test := range []struct {
		name          string
		today, readAt string
		billing       access.Permitted
		says          string // "": the bill is final or up to date
	}{
		{"read today", "2026-11-22", "2026-11-22", access.OK, ""},
		{"read yesterday", "2026-11-22", "2026-11-21", access.OK, ""},
		{"read the day before", "2026-11-22", "2026-11-20", access.OK, lost},
		{"read today, and refused", "2026-11-22", "2026-11-22", access.Denied, "Not available to this token"},
		{"over, on the day on which the bill becomes final", "2026-12-06", "2026-12-05", access.OK, again},
		{"over, on the day after that", "2026-12-07", "2026-12-05", access.OK, tried},
		{"over, settled", "2026-12-06", "2026-12-06", access.OK, ""},
		{"over, settled, and refused since", "2027-02-01", "2026-12-06", access.Denied, ""},
	} {
		period, err := cost.ParseMonth("2026-11", dayOf(test.today).Start())
		check(t, err)
		m := cost.Facts{
			Period: period, Today: *dayOf(test.today), Prices: list(), Seats: cost.NewSeatDays(period), Reads: access.Capabilities{Billing: test.billing},
			Bill: &cost.CreditBill{ReadAt: dayOf(test.readAt).Start(), Items: []cost.CreditItem{row("GPT-5", "100", "1", "100", "1")}},
		}.Month()
		if reason := m.Reasons["credits.billed"]; (reason == "") != (test.says == "") || !strings.Contains(reason, test.says) {
			t.Errorf("%s: the reason is %q", test.name, reason)
		}
		if m.Credits.Billed == nil || m.Credits.Billed.Estimated != (test.says != "") {
			t.Errorf("%s: billed is %+v", test.name, m.Credits.Billed)
		}
	}
}
