package seat

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Seat is one person's Copilot seat, or one grant of it where several organizations or teams grant it. The tags are
// its names in the examples of METRICS.md; how it is stored is in packed.go.
type Seat struct {
	UserID              *int64         `json:"userId,omitempty"` // nil: nobody is named, as for an invitation that is not accepted yet
	Login               string         `json:"login,omitempty"`
	Organization        string         `json:"organization,omitempty"` // that grants it; empty where GitHub or an earlier version does not tell
	Team                string         `json:"team,omitempty"`         // the assigning team; empty when the seat was given directly
	Plan                copilot.Plan   `json:"plan"`
	CreatedAt           *time.Time     `json:"createdAt,omitempty"`
	LastActivityAt      *time.Time     `json:"lastActivityAt,omitempty"` // nil: never, just assigned, over 90 days ago, or telemetry is off
	LastActivityEditor  string         `json:"lastActivityEditor,omitempty"`
	PendingCancellation *calendar.Date `json:"pendingCancellation,omitempty"` // the seat is given up, and billed until then
}

// Snapshot is who was granted a seat at one instant. Snapshots of earlier versions have one grant a person.
type Snapshot struct {
	AsOf      time.Time
	Plan      copilot.Plan
	Seats     []Seat
	NotListed int // how many more seats GitHub announces than it lists
}

// NotListed returns how many more seats GitHub announces than it lists. It announces people, and lists every grant of one.
func NotListed(grants []Seat, announced int) int {
	listed, people := 0, make(map[int64]bool, len(grants))
	for _, grant := range grants {
		if grant.UserID == nil {
			listed++
		} else {
			people[*grant.UserID] = true
		}
	}
	return max(0, announced-listed-len(people))
}

// OnePerPerson joins the grants of each person into one seat, as GitHub bills them on that day: with the plan and the team
// of the grant that counts, the oldest date and the latest activity of all, and given up only when every grant is, with
// the last. Seats without a person count each.
func OnePerPerson(grants []Seat, on calendar.Date) []Seat {
	seats := make([]Seat, 0, len(grants))
	index := make(map[int64]int, len(grants))
	for _, grant := range grants {
		if grant.UserID == nil {
			seats = append(seats, grant)
			continue
		}
		at, known := index[*grant.UserID]
		if !known {
			index[*grant.UserID] = len(seats)
			seats = append(seats, grant)
			continue
		}
		seats[at] = join(seats[at], grant, on)
	}
	return seats
}

func join(a, b Seat, on calendar.Date) Seat {
	if b.CountsBefore(&a, on) {
		a.Plan, a.Team, a.Organization = b.Plan, b.Team, b.Organization
	}
	if a.CreatedAt == nil || b.CreatedAt != nil && b.CreatedAt.Before(*a.CreatedAt) {
		a.CreatedAt = b.CreatedAt
	}
	switch order := compareInstants(a.LastActivityAt, b.LastActivityAt); {
	case order < 0:
		a.LastActivityAt, a.LastActivityEditor = b.LastActivityAt, b.LastActivityEditor
	case order == 0:
		a.LastActivityEditor = max(a.LastActivityEditor, b.LastActivityEditor)
	}
	switch {
	case a.PendingCancellation == nil || b.PendingCancellation == nil:
		a.PendingCancellation = nil
	case *b.PendingCancellation > *a.PendingCancellation:
		a.PendingCancellation = b.PendingCancellation
	}
	return a
}

// CountsBefore reports whether the seat, of two grants to one person, is the one that is paid for on that day: one that is
// not over, then the higher plan, then the first organization and the first team by name, so that the order of grants does
// not matter.
func (s *Seat) CountsBefore(other *Seat, on calendar.Date) bool {
	if billed := s.BilledOn(on); billed != other.BilledOn(on) {
		return billed
	}
	if order := ComparePlans(s.Plan, other.Plan); order != 0 {
		return order > 0
	}
	return cmp.Or(compareNames(s.Organization, other.Organization), compareNames(s.Team, other.Team)) < 0
}

// compareNames orders names, an empty one after all others.
func compareNames(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "", b == "":
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// compareInstants orders instants, nil before all of them.
func compareInstants(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}

// WithPlan gives the account's plan to the grants for which GitHub names none. A plan that it does name, and that is not
// known here, stays unknown.
func WithPlan(grants []Seat, plan copilot.Plan) []Seat {
	grants = slices.Clone(grants)
	for i := range grants {
		grants[i].Plan = cmp.Or(grants[i].Plan, plan, copilot.PlanUnknown)
	}
	return grants
}

// BilledOn reports whether the seat is still paid for on that day. The date on which it is given up is no longer.
func (s *Seat) BilledOn(day calendar.Date) bool {
	return s.PendingCancellation == nil || day < *s.PendingCancellation
}

// costsOn returns what seats cost a month as on that day: nothing once they are given up, nil where the price is not known.
// Seats that cost the same share the amount, which nobody may change.
func costsOn(day calendar.Date, prices money.Prices) func(*Seat) *money.Money {
	nothing := prices.Money(new(big.Rat))
	ofPlans := map[copilot.Plan]*money.Money{}
	return func(s *Seat) *money.Money {
		if !s.BilledOn(day) {
			return nothing
		}
		cost, known := ofPlans[s.Plan]
		if !known {
			cost = prices.Seat(s.Plan)
			ofPlans[s.Plan] = cost
		}
		return cost
	}
}
