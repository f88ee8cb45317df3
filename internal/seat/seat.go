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

// Seat is one person's Copilot seat, or one grant of it if several organizations or teams grant it. The examples in METRICS.md
// use the names in the tags; packed.go has the stored form.
type Seat struct {
	UserID              *int64         `json:"userId,omitempty"` // nil: GitHub names no person, for example before an invitation is accepted
	Login               string         `json:"login,omitempty"`
	Organization        string         `json:"organization,omitempty"` // the granting organization; empty if GitHub, or a seat stored by an earlier version, does not name it
	Team                string         `json:"team,omitempty"`         // the assigning team; empty if the seat was assigned directly
	Plan                copilot.Plan   `json:"plan"`
	CreatedAt           *time.Time     `json:"createdAt,omitempty"`
	LastActivityAt      *time.Time     `json:"lastActivityAt,omitempty"` // nil: never, just assigned, more than 90 days ago, or telemetry is off
	LastActivityEditor  string         `json:"lastActivityEditor,omitempty"`
	Forgotten           bool           `json:"forgotten,omitempty"`           // its holder was taken out, so nothing of its use is known; see Anonymous
	PendingCancellation *calendar.Date `json:"pendingCancellation,omitempty"` // the seat is cancelled and billed until this day
}

// Snapshot is the list of grants at one instant. Snapshots of earlier versions have only one grant for each person.
type Snapshot struct {
	AsOf      time.Time
	Plan      copilot.Plan
	Seats     []Seat
	NotListed int  // seats that GitHub announces but does not list
	Nameless  bool // everybody was taken out of the list; see Anonymous
}

// NotListed returns how many more seats GitHub announces than it lists. GitHub announces the number of people, but lists every
// grant of a person.
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

// OnePerPerson merges the grants of each person into one seat, as GitHub bills them on a day. The seat has the plan and the team
// of the grant that counts, and the oldest date and the latest activity of all grants. It is cancelled only if every grant is,
// with the latest date. Each seat without a person stays a seat of its own.
func OnePerPerson(grants []Seat, on calendar.Date) []Seat {
	seats := make([]Seat, 0, len(grants))
	seatOf := placesIn(grants)
	for i := range grants {
		at := len(seats)
		if id := grants[i].UserID; id != nil {
			at = seatOf(*id, seats)
		}
		if at == len(seats) {
			seats = append(seats, grants[i])
		} else {
			seats[at] = join(seats[at], grants[i], on)
		}
	}
	return seats
}

// placesIn returns a function that finds the place of a person's seat among the seats so far, or their number if there is none. In a
// stored list, the grants of a person are neighbours.
func placesIn(grants []Seat) func(userID int64, seats []Seat) int {
	if inOrder(grants) {
		return func(userID int64, seats []Seat) int {
			last := len(seats) - 1
			if last >= 0 && *seats[last].UserID == userID {
				return last
			}
			return len(seats)
		}
	}
	index := make(map[int64]int, len(grants))
	return func(userID int64, seats []Seat) int {
		at, known := index[userID]
		if !known {
			at = len(seats)
			index[userID] = at
		}
		return at
	}
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

// CountsBefore reports whether s, and not other, is the one of a person's two grants that GitHub bills on a day: a grant that is
// not over wins, then the higher plan, then the first organization and the first team by name. So the order of grants does not
// matter.
func (s *Seat) CountsBefore(other *Seat, on calendar.Date) bool {
	if billed := s.BilledOn(on); billed != other.BilledOn(on) {
		return billed
	}
	if order := ComparePlans(s.Plan, other.Plan); order != 0 {
		return order > 0
	}
	return cmp.Or(compareNames(s.Organization, other.Organization), compareNames(s.Team, other.Team)) < 0
}

// compareNames orders names. An empty name comes last.
func compareNames(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "", b == "":
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// compareInstants orders instants. nil comes first.
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

// WithPlan sets the account's plan on the grants for which GitHub names no plan. A plan that GitHub names but we do not know
// stays unknown.
func WithPlan(grants []Seat, plan copilot.Plan) []Seat {
	grants = slices.Clone(grants)
	for i := range grants {
		grants[i].Plan = cmp.Or(grants[i].Plan, plan, copilot.PlanUnknown)
	}
	return grants
}

// BilledOn reports whether the seat is still paid for on a day. The day of its cancellation is not paid for.
func (s *Seat) BilledOn(day calendar.Date) bool {
	return s.PendingCancellation == nil || day < *s.PendingCancellation
}

// costsOn returns what each seat costs for a month as of a day: 0 after its cancellation, nil if the price is unknown. Seats
// with equal costs share one *Money, which nobody may change.
func costsOn(day calendar.Date, prices money.Prices) func(*Seat) *money.Money {
	type alike struct {
		plan   copilot.Plan
		billed bool
	}
	costs := map[alike]*money.Money{}
	return func(s *Seat) *money.Money {
		kind := alike{s.Plan, s.BilledOn(day)}
		cost, known := costs[kind]
		if !known {
			cost = costOf(kind.plan, kind.billed, prices)
			costs[kind] = cost
		}
		return cost
	}
}

func costOf(plan copilot.Plan, billed bool, prices money.Prices) *money.Money {
	if !billed {
		return prices.Money(new(big.Rat))
	}
	return prices.Seat(plan)
}
