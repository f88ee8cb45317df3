package cost

// Plan is a Copilot plan that an account pays for.
type Plan string

// The plans with a known price. GitHub has others whose names are not documented; they are unknown, and so is
// their price.
const (
	Business    Plan = "business"
	Enterprise  Plan = "enterprise"
	UnknownPlan Plan = "unknown"
)

// ParsePlan takes GitHub's plan_type.
func ParsePlan(s string) Plan {
	if p := Plan(s); p == Business || p == Enterprise {
		return p
	}
	return UnknownPlan
}

// rank orders plans: of several grants to one person GitHub bills the highest.
func (p Plan) rank() int {
	switch p {
	case Enterprise:
		return 2
	case Business:
		return 1
	}
	return 0
}

// HighestPlan is the highest plan that any of the seats has; UnknownPlan when none has a known one. An enterprise
// may hold seats of both plans.
func HighestPlan(seats []Seat) Plan {
	highest := UnknownPlan
	for _, s := range seats {
		if s.Plan.rank() > highest.rank() {
			highest = s.Plan
		}
	}
	return highest
}
