package cost

import "cloudmonitor.ai/copilot-connector/internal/connector"

// rank orders plans: of several grants to one person GitHub bills the highest.
func rank(p connector.Plan) int {
	switch p {
	case connector.PlanEnterprise:
		return 2
	case connector.PlanBusiness:
		return 1
	}
	return 0
}

// HighestPlan is the highest plan that any of the seats has; unknown when none has a known one. An enterprise may hold
// seats of both plans.
func HighestPlan(seats []Seat) connector.Plan {
	highest := connector.PlanUnknown
	for _, s := range seats {
		if rank(s.Plan) > rank(highest) {
			highest = s.Plan
		}
	}
	return highest
}
