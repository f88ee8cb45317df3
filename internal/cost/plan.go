package cost

import "cloudmonitor.ai/copilot-connector/internal/connector"

// rank orders plans: of several grants to one person GitHub bills the highest. One that is not known may be higher than
// any, so that beside it no other tells what is billed.
func rank(p connector.Plan) int {
	switch p {
	case connector.PlanBusiness:
		return 1
	case connector.PlanEnterprise:
		return 2
	}
	return 3
}

func known(p connector.Plan) bool { return rank(p) < 3 }

// HighestPlan is the highest of the known plans that any of the seats has; unknown when none has one. An enterprise may hold
// seats of both plans.
func HighestPlan(seats []Seat) connector.Plan {
	highest := connector.PlanUnknown
	for _, s := range seats {
		if known(s.Plan) && (!known(highest) || rank(s.Plan) > rank(highest)) {
			highest = s.Plan
		}
	}
	return highest
}
