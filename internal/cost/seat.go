package cost

import (
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Seat is one person's Copilot seat, or one grant of it where several organizations or teams grant it. It is stored by
// the names in the tags.
type Seat struct {
	UserID              *int64          `json:"userId,omitempty"` // nil: nobody is named, as for an invitation that is not accepted yet
	Login               string          `json:"login,omitempty"`
	Team                string          `json:"team,omitempty"` // the assigning team; empty when the seat was given directly
	Plan                connector.Plan  `json:"plan"`
	CreatedAt           *time.Time      `json:"createdAt,omitempty"`
	LastActivityAt      *time.Time      `json:"lastActivityAt,omitempty"` // nil: never, just assigned, over 90 days ago, or telemetry is off
	LastActivityEditor  string          `json:"lastActivityEditor,omitempty"`
	PendingCancellation *connector.Date `json:"pendingCancellation,omitempty"` // the seat is given up, and billed until then
}

// Snapshot is who held a seat at one instant, one seat per person.
type Snapshot struct {
	AsOf  time.Time
	Plan  connector.Plan
	Seats []Seat
}

// OnePerPerson joins the grants of each person into one seat, as GitHub bills them: the highest plan, the oldest
// grant, the latest activity, and given up only when every grant is. Of several teams the first by name is taken, so that
// the order of grants does not matter. Seats without a person count each.
func OnePerPerson(grants []Seat) []Seat {
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
		seats[at] = join(seats[at], grant)
	}
	return seats
}

func join(a, b Seat) Seat {
	if rank(b.Plan) > rank(a.Plan) {
		a.Plan = b.Plan
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
	if a.Team == "" || b.Team != "" && b.Team < a.Team {
		a.Team = b.Team
	}
	return a
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

// WithPlan gives the account's plan, where it is known, to the seats whose own GitHub does not tell.
func WithPlan(seats []Seat, plan connector.Plan) []Seat {
	seats = slices.Clone(seats)
	for i := range seats {
		if seats[i].Plan == connector.PlanUnknown && rank(plan) > 0 {
			seats[i].Plan = plan
		}
	}
	return seats
}

// billedOn reports whether the seat is still paid for on that day: the date on which it is given up is no longer.
func (s Seat) billedOn(day connector.Date) bool {
	return s.PendingCancellation == nil || day < *s.PendingCancellation
}

// SeatStatus says whether a seat is used.
type SeatStatus string

// The statuses of a seat.
const (
	SeatActive              SeatStatus = "active"
	SeatIdle                SeatStatus = "idle"       // used once, but not lately
	SeatNeverUsed           SeatStatus = "never_used" // no activity since it was assigned
	SeatPendingCancellation SeatStatus = "pending_cancellation"
	SeatUnknown             SeatStatus = "unknown" // GitHub cannot tell any more
)

// DefaultIdleAfterDays is after how many days without activity a seat counts as idle, unless somebody chose.
const DefaultIdleAfterDays = 30

// GitHub forgets a seat's last activity after 90 days: no activity on an older seat is not proof of none.
const activityMemory = 90 * 24 * time.Hour

// Status judges a seat at that instant. lastUsage is the person's last day in the usage reports, if any.
func (s Seat) Status(at time.Time, idleAfterDays int, lastUsage *connector.Date) SeatStatus {
	if s.PendingCancellation != nil {
		return SeatPendingCancellation
	}
	last := s.LastActivityAt
	if lastUsage != nil {
		// Somebody seen on a day was active at its end at the latest.
		if end := lastUsage.Close(); last == nil || end.After(*last) {
			last = &end
		}
	}
	idleSince := at.Add(-time.Duration(idleAfterDays) * 24 * time.Hour)
	switch {
	case last != nil && !last.Before(idleSince):
		return SeatActive
	case last != nil && s.CreatedAt != nil && s.CreatedAt.After(idleSince):
		return SeatActive // a new seat is not idle, whatever its person did before
	case last != nil:
		return SeatIdle
	case s.CreatedAt != nil && at.Sub(*s.CreatedAt) < activityMemory:
		return SeatNeverUsed
	}
	return SeatUnknown
}
