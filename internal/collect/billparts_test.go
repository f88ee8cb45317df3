package collect_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

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
