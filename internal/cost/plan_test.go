package cost_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func seatsOn(plans ...cost.Plan) (seats []cost.Seat) {
	for _, plan := range plans {
		seats = append(seats, cost.Seat{Plan: plan})
	}
	return seats
}

func TestPlansThatHaveNoKnownPriceAreUnknown(t *testing.T) {
	for given, want := range map[string]cost.Plan{
		"business": cost.Business, "enterprise": cost.Enterprise, "unknown": cost.UnknownPlan,
		"": cost.UnknownPlan, "Business": cost.UnknownPlan, "standalone": cost.UnknownPlan, "business ": cost.UnknownPlan,
	} {
		if got := cost.ParsePlan(given); got != want {
			t.Errorf("ParsePlan(%q) = %q", given, got)
		}
	}
}

func TestTheHighestPlanOfSeats(t *testing.T) {
	const business, enterprise, unknown = cost.Business, cost.Enterprise, cost.UnknownPlan
	for _, test := range []struct {
		plans []cost.Plan
		want  cost.Plan
	}{
		{nil, unknown},
		{[]cost.Plan{unknown, unknown}, unknown},
		{[]cost.Plan{unknown, business, unknown}, business},
		{[]cost.Plan{enterprise, business}, enterprise},
		{[]cost.Plan{business, enterprise}, enterprise},
		{[]cost.Plan{""}, unknown},
	} {
		if got := cost.HighestPlan(seatsOn(test.plans...)); got != test.want {
			t.Errorf("of %q: %q, want %q", test.plans, got, test.want)
		}
	}
}

func TestTheAccountsPlanFillsInForSeatsWithout(t *testing.T) {
	seats := seatsOn(cost.UnknownPlan, cost.Business, cost.Enterprise)
	want := seatsOn(cost.Enterprise, cost.Business, cost.Enterprise)
	if diff := cmp.Diff(want, cost.WithPlan(seats, cost.Enterprise)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if seats[0].Plan != cost.UnknownPlan {
		t.Error("the seats that were handed in have changed")
	}
	for _, plan := range []cost.Plan{cost.UnknownPlan, ""} {
		if diff := cmp.Diff(seats, cost.WithPlan(seats, plan)); diff != "" {
			t.Errorf("with the plan %q (-want +got):\n%s", plan, diff)
		}
	}
	if got := cost.WithPlan(nil, cost.Business); len(got) != 0 {
		t.Errorf("no seats become %v", got)
	}
}
