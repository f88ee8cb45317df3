package seat_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func seatsOn(plans ...copilot.Plan) (seats []seat.Seat) {
	for _, plan := range plans {
		seats = append(seats, seat.Seat{Plan: plan})
	}
	return seats
}

func TestPlansWithoutAKnownPriceAreUnknown(t *testing.T) {
	for given, want := range map[string]copilot.Plan{
		"business": copilot.PlanBusiness, "enterprise": copilot.PlanEnterprise, "unknown": copilot.PlanUnknown,
		"": "", "Business": copilot.PlanUnknown, "standalone": copilot.PlanUnknown, "business ": copilot.PlanUnknown,
	} {
		if got := copilot.ParsePlan(given); got != want {
			t.Errorf("ParsePlan(%q) = %q", given, got)
		}
	}
}

func TestTheHighestPlanOfSeats(t *testing.T) {
	const business, enterprise, unknown = copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown
	for _, test := range []struct {
		plans []copilot.Plan
		want  copilot.Plan
	}{
		{nil, unknown},
		{[]copilot.Plan{unknown, unknown}, unknown},
		{[]copilot.Plan{unknown, business, unknown}, business},
		{[]copilot.Plan{enterprise, business}, enterprise},
		{[]copilot.Plan{business, enterprise}, enterprise},
		{[]copilot.Plan{""}, unknown},
	} {
		if got := seat.HighestPlan(seatsOn(test.plans...)); got != test.want {
			t.Errorf("the highest plan of %q is %q, want %q", test.plans, got, test.want)
		}
	}
}

func TestASeatWithoutAPlanGetsTheAccounts(t *testing.T) {
	seats := seatsOn("", copilot.PlanUnknown, copilot.PlanBusiness, copilot.PlanEnterprise)
	want := seatsOn(copilot.PlanEnterprise, copilot.PlanUnknown, copilot.PlanBusiness, copilot.PlanEnterprise)
	if diff := cmp.Diff(want, seat.WithPlan(seats, copilot.PlanEnterprise)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if seats[0].Plan != "" {
		t.Error("the seats given have changed")
	}
	want[0].Plan = copilot.PlanUnknown
	for _, plan := range []copilot.Plan{copilot.PlanUnknown, ""} {
		if diff := cmp.Diff(want, seat.WithPlan(seats, plan)); diff != "" {
			t.Errorf("with the plan %q (-want +got):\n%s", plan, diff)
		}
	}
	if got := seat.WithPlan(nil, copilot.PlanBusiness); len(got) != 0 {
		t.Errorf("no seats become %v", got)
	}
}
