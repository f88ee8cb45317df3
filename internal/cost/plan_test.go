package cost_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func seatsOn(plans ...connector.Plan) (seats []cost.Seat) {
	for _, plan := range plans {
		seats = append(seats, cost.Seat{Plan: plan})
	}
	return seats
}

func TestPlansThatHaveNoKnownPriceAreUnknown(t *testing.T) {
	for given, want := range map[string]connector.Plan{
		"business": connector.PlanBusiness, "enterprise": connector.PlanEnterprise, "unknown": connector.PlanUnknown,
		"": "", "Business": connector.PlanUnknown, "standalone": connector.PlanUnknown, "business ": connector.PlanUnknown,
	} {
		if got := connector.ParsePlan(given); got != want {
			t.Errorf("ParsePlan(%q) = %q", given, got)
		}
	}
}

func TestTheHighestPlanOfSeats(t *testing.T) {
	const business, enterprise, unknown = connector.PlanBusiness, connector.PlanEnterprise, connector.PlanUnknown
	for _, test := range []struct {
		plans []connector.Plan
		want  connector.Plan
	}{
		{nil, unknown},
		{[]connector.Plan{unknown, unknown}, unknown},
		{[]connector.Plan{unknown, business, unknown}, business},
		{[]connector.Plan{enterprise, business}, enterprise},
		{[]connector.Plan{business, enterprise}, enterprise},
		{[]connector.Plan{""}, unknown},
	} {
		if got := cost.HighestPlan(seatsOn(test.plans...)); got != test.want {
			t.Errorf("of %q: %q, want %q", test.plans, got, test.want)
		}
	}
}

func TestTheAccountsPlanFillsInWhereGitHubNamesNone(t *testing.T) {
	seats := seatsOn("", connector.PlanUnknown, connector.PlanBusiness, connector.PlanEnterprise)
	want := seatsOn(connector.PlanEnterprise, connector.PlanUnknown, connector.PlanBusiness, connector.PlanEnterprise)
	if diff := cmp.Diff(want, cost.WithPlan(seats, connector.PlanEnterprise)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if seats[0].Plan != "" {
		t.Error("the seats that were handed in have changed")
	}
	want[0].Plan = connector.PlanUnknown
	for _, plan := range []connector.Plan{connector.PlanUnknown, ""} {
		if diff := cmp.Diff(want, cost.WithPlan(seats, plan)); diff != "" {
			t.Errorf("with the plan %q (-want +got):\n%s", plan, diff)
		}
	}
	if got := cost.WithPlan(nil, connector.PlanBusiness); len(got) != 0 {
		t.Errorf("no seats become %v", got)
	}
}
