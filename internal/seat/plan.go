package seat

import (
	"cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// ComparePlans orders plans by price. If a person has several grants, GitHub bills the highest plan. An unknown plan counts as
// the highest, because it may be: beside it no known plan tells what GitHub bills.
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

// HighestPlan returns the highest known plan of the seats, or unknown if no seat has a known plan. An enterprise may have seats
// of both plans.
func HighestPlan(seats []Seat) copilot.Plan {
	highest := copilot.PlanUnknown
	for _, s := range seats {
		if known(s.Plan) && (!known(highest) || rank(s.Plan) > rank(highest)) {
			highest = s.Plan
		}
	}
	return highest
}

// SharedPlan returns the plan that all seats have, or unknown if the plans differ or there are no seats.
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
