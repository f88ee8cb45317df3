//go:build !race

package collect_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// planless lists two seats without a plan. subscription answers the request for the subscription.
func planless(subscription http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/copilot/billing/seats"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"total_seats":2,"seats":[
				{"created_at":"2025-01-01T00:00:00Z","assignee":{"login":"ada","id":1}},
				{"created_at":"2025-01-01T00:00:00Z","assignee":{"login":"bob","id":2}}]}`))
			return true
		case strings.HasSuffix(r.URL.Path, "/copilot/billing"):
			subscription(w, r)
			return true
		}
		return false
	}
}

func business(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"plan_type": "business"})
}

// seatCost returns the cost of the seats since the first of the month.
func (w *world) seatCost() *money.Money {
	w.t.Helper()
	month, err := w.Parts.Spend().Month(w.t.Context(), w.connector(), cost.MonthToDate(w.Now()))
	if err != nil {
		w.t.Fatal(err)
	}
	return month.SeatCost
}

func november(day int) time.Time { return time.Date(2026, 11, day, 6, 0, 0, 0, time.UTC) }

func TestAPlanThatCannotBeReadStaysThatOfTheDayBefore(t *testing.T) {
	t.Parallel()
	w := create(t)
	w.Set(november(10))
	w.gitHub.Intercept(planless(business))
	w.save()
	w.run(w.queued()[0].Task)
	for i, subscription := range []http.HandlerFunc{status(500), business, business} {
		w.gitHub.Intercept(planless(subscription))
		w.pollAt(november(11 + i))
	}
	want := &money.Money{Cents: 16_47, Currency: "USD", Estimated: true} // 2 × 19 × 13 ÷ 30
	if diff := cmp.Diff(want, w.seatCost()); diff != "" || w.connector().Plan != copilot.PlanBusiness {
		t.Errorf("cost of the seats with plan %s (-want +got):\n%s", w.connector().Plan, diff)
	}
}

func TestSeatsOfAnUnknownPlanAreNotStored(t *testing.T) {
	t.Parallel()
	w := create(t)
	w.Set(november(10))
	w.gitHub.Intercept(planless(status(500)))
	w.save()
	w.run(w.queued()[0].Task)
	days := calendar.Range{From: calendar.DateOf(november(1)), To: calendar.DateOf(november(30))}
	snapshot := func() *seat.Snapshot {
		kept, err := w.store.LatestSeats(t.Context(), w.ref, days)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	if kept := snapshot(); kept != nil {
		t.Errorf("stored seats are %+v", kept)
	}
	w.mustBe(connector.StatusDegraded, "The seats could not be read", "500")
	w.gitHub.Intercept(planless(business))
	w.pollAt(november(11))
	if kept := snapshot(); kept == nil || kept.Plan != copilot.PlanBusiness || kept.Seats[0].Plan != copilot.PlanBusiness {
		t.Errorf("stored seats are %+v", kept)
	}
	if status := w.connector().Status; status == connector.StatusDegraded {
		t.Errorf("the reason is %q", w.connector().StatusReason)
	}
}
