package collect_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// octoInc returns an enterprise of three organizations and one cost center. Its token may read the bill.
func octoInc() githubsim.Account {
	account := octoDemo()
	account.Kind, account.Tokens[0].Scopes = githubsim.Enterprise, []string{"read:enterprise", "manage_billing:enterprise"}
	account.CostCenters = []githubsim.CostCenter{{ID: "1", Name: "R&D", Organizations: []string{slug + "-apps"}}}
	return account
}

// partsAsked returns, for each month, how many bills of parts were requested, and resets the count.
func (w *world) partsAsked() map[string]int {
	asked := map[string]int{}
	for _, call := range w.gitHub.Calls() {
		if strings.Contains(call.RawQuery, "organization=") || strings.Contains(call.RawQuery, "cost_center_id=") {
			query, _, _ := strings.Cut(strings.ReplaceAll(call.RawQuery, "year=", ""), "&organization=")
			query, _, _ = strings.Cut(query, "&cost_center_id=")
			asked[strings.ReplaceAll(query, "&month=", "-")]++
		}
	}
	w.gitHub.ResetCalls()
	return asked
}

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

// crowdOf answers for an enterprise with so many organizations, each with a seat and an empty bill, and so many cost centers.
func crowdOf(organizations, centers int) func(http.ResponseWriter, *http.Request) bool {
	return func(rw http.ResponseWriter, r *http.Request) bool {
		var rows []string
		rw.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/billing/seats"):
			for i := range organizations {
				rows = append(rows, fmt.Sprintf(`{"created_at":"2026-01-01T00:00:00Z","assignee":{"id":%d,"login":"u%d"},"organization":{"login":"org-%03d"}}`, i+1, i, i))
			}
			_, _ = fmt.Fprintf(rw, `{"total_seats":%d,"seats":[%s]}`, organizations, strings.Join(rows, ","))
		case strings.HasSuffix(r.URL.Path, "/cost-centers"):
			for i := range centers {
				rows = append(rows, fmt.Sprintf(`{"id":"%d","name":"center %d"}`, i+1, i))
			}
			_, _ = fmt.Fprintf(rw, `{"costCenters":[%s]}`, strings.Join(rows, ","))
		case strings.Contains(r.URL.RawQuery, "organization=") || strings.Contains(r.URL.RawQuery, "cost_center_id="):
			_, _ = rw.Write([]byte(`{"usageItems":[]}`))
		default:
			return false
		}
		return true
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

func TestARateLimitOnThePartsLosesNoDayAndNoStoredPart(t *testing.T) {
	t.Parallel()
	account := octoInc()
	account.FirstDay = "2026-11-18"
	w := start(t, account)
	month := calendar.DateOf(morning(1))
	before, err := w.store.BillParts(t.Context(), w.ref, month)
	if err != nil || before.Organizations == nil || len(before.Organizations.Bills) != 3 {
		t.Fatalf("the stored bills of organizations are %+v (%v), want 3", before.Organizations, err)
	}
	var mu sync.Mutex
	left := 2
	w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if !strings.Contains(r.URL.RawQuery, "organization=") {
			return false
		}
		if left--; left >= 0 {
			return false
		}
		rw.Header().Set("Retry-After", "60")
		says(http.StatusForbidden, "You have exceeded a secondary rate limit.")(rw, r)
		return true
	})
	w.pollAt(morning(1))
	after, err := w.store.BillParts(t.Context(), w.ref, month)
	if diff := cmp.Diff(before.Organizations, after.Organizations); err != nil || diff != "" {
		t.Errorf("%v (-before +after):\n%s", err, diff)
	}
	w.mustBe(connector.StatusDegraded, "The bills of the organizations and cost centers could not be read", "the next poll tries again")
	w.gitHub.Intercept(nil)
	w.pollAt(morning(2))
	if c := w.connector(); c.StatusReason != "" {
		t.Errorf("the next poll still gives the reason %q", c.StatusReason)
	}

	// Without the list of seats, the poll asks for the organizations that it knows from before.
	w.gitHub.Intercept(failing("/billing/seats", 1e6, says(http.StatusUnprocessableEntity, "No")))
	w.partsAsked()
	w.pollAt(morning(3))
	if asked := w.partsAsked(); asked["2026-11"] != 4 {
		t.Errorf("without the list of seats the poll asks for %v", asked)
	}
}
