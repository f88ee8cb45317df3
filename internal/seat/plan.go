package seat

import (
	"cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// ComparePlans orders plans: of several grants to one person GitHub bills the highest. One that is not known may be higher
// than any, so that beside it no other tells what is billed.
func ComparePlans(a, b copilot.Plan) int { return cmp.Compare(rank(a), rank(b)) }

func rank(p copilot.Plan) int {
	switch p {
	case copilot.PlanBusiness:
		return 1
	case copilot.PlanEnterprise:
		return 2
	}
	return 3
}

func known(p copilot.Plan) bool { return rank(p) < 3 }

// HighestPlan is the highest of the known plans that any of the seats has; unknown when none has one. An enterprise may hold
// seats of both plans.
func HighestPlan(seats []Seat) copilot.Plan {
	highest := copilot.PlanUnknown
	for _, s := range seats {
		if known(s.Plan) && (!known(highest) || rank(s.Plan) > rank(highest)) {
			highest = s.Plan
		}
	}
	return highest
}

// SharedPlan is the plan that all of the seats have; unknown when they differ, or there are none.
func SharedPlan(seats []Seat) copilot.Plan {
	for i := range seats {
		if seats[i].Plan != seats[0].Plan {
			return copilot.PlanUnknown
		}
	}
	if len(seats) == 0 {
		return copilot.PlanUnknown
	}
	return seats[0].Plan
}
