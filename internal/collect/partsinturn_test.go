//go:build !race

package collect_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestThePartsOfABillAreReadUntilTheyAreFinal(t *testing.T) {
	t.Parallel()
	account := octoInc()
	account.FirstDay = "2026-11-18"
	w := start(t, account)
	all := w.partsAsked()
	if len(all) != 14 || all["2026-11"] != 4 || all["2025-10"] != 4 {
		t.Errorf("the first poll asks for %v parts by month, want 4 of each of 14 months", all)
	}
	first := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		at    time.Time
		fails string
		asked map[string]int
		final string
	}{
		{morning(1), "", map[string]int{"2026-11": 4}, "2026-10-01"},
		{first, "", map[string]int{"2026-12": 4, "2026-11": 4}, "2026-10-01"},
		{first.AddDate(0, 0, 9), "month=11&organization", map[string]int{"2026-12": 4, "2026-11": 3}, "2026-10-01"},
		{first.AddDate(0, 0, 10), "", map[string]int{"2026-12": 4, "2026-11": 4}, "2026-11-01"},
		{first.AddDate(0, 0, 11), "", map[string]int{"2026-12": 4}, "2026-11-01"},
	} {
		if test.fails != "" {
			w.gitHub.Intercept(failing(test.fails, 1e6, says(http.StatusUnprocessableEntity, "No")))
		}
		w.pollAt(test.at)
		w.gitHub.Intercept(nil)
		asked := w.partsAsked()
		if test.fails != "" {
			asked["2026-11"] = min(asked["2026-11"], 3) // how many of the others still run after the first failure depends on timing
		}
		if diff := cmp.Diff(test.asked, asked); test.fails == "" && diff != "" || fmt.Sprint(w.connector().PartsFinal) != test.final {
			t.Errorf("on %s the parts up to %v are final, want %s; requests (-want +got):\n%s", test.at, w.connector().PartsFinal, test.final, diff)
		}
		if failed := w.connector().Status == connector.StatusDegraded; failed != (test.fails != "") {
			t.Errorf("on %s the connector is %s: %s", test.at, w.connector().Status, w.connector().StatusReason)
		}
	}
}

func TestAPollAsksForALimitedNumberOfPartsAndTheNextPollContinues(t *testing.T) {
	t.Parallel()
	account := octoInc()
	account.FirstDay, account.Seats = "2026-11-20", 3
	w := create(t, account).save()
	w.gitHub.Intercept(crowdOf(90, 210)) // GitHub lists 100 seats on a page
	months := map[string]int{}
	for day := range 2 {
		w.pollAt(morning(day))
		asked := w.partsAsked()
		sum := 0
		for month, n := range asked {
			if sum += n; n != 300 {
				t.Errorf("day %d: %d parts of %s were requested, want 300", day, n, month)
			}
		}
		if asked["2026-11"] != 300 || sum > 600 {
			t.Errorf("day %d asks for %v parts, want 300 of 2026-11 and at most 600", day, asked)
		}
		maps.Copy(months, asked)
	}
	if got := slices.Sorted(maps.Keys(months)); len(got) != 3 || got[0] != "2026-10" || got[2] != "2026-9" {
		t.Errorf("months read are %v, want 2026-9 to 2026-11", got)
	}

	w.gitHub.Intercept(crowdOf(90, 300))
	w.pollAt(morning(2))
	if asked := w.partsAsked(); asked["2026-11"] != 340 {
		t.Errorf("of 390 parts the poll asks for %v, want 340", asked)
	}
	parts, err := w.store.BillParts(t.Context(), w.ref, calendar.DateOf(morning(2)))
	if err != nil || parts.CostCenters.NotAsked != 50 || parts.Organizations.NotAsked != 0 {
		t.Errorf("%d cost centers were not asked for (%v), want 50", parts.CostCenters.NotAsked, err)
	}
}
