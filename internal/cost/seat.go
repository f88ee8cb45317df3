package cost

import (
	"cmp"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Seat is one person's Copilot seat, or one grant of it where several organizations or teams grant it. It is stored by
// the names in the tags.
type Seat struct {
	UserID              *int64         `json:"userId,omitempty"` // nil: nobody is named, as for an invitation that is not accepted yet
	Login               string         `json:"login,omitempty"`
	Team                string         `json:"team,omitempty"` // the assigning team; empty when the seat was given directly
	Plan                copilot.Plan   `json:"plan"`
	CreatedAt           *time.Time     `json:"createdAt,omitempty"`
	LastActivityAt      *time.Time     `json:"lastActivityAt,omitempty"` // nil: never, just assigned, over 90 days ago, or telemetry is off
	LastActivityEditor  string         `json:"lastActivityEditor,omitempty"`
	PendingCancellation *calendar.Date `json:"pendingCancellation,omitempty"` // the seat is given up, and billed until then
}

// Snapshot is who was granted a seat at one instant. Snapshots of earlier versions have one grant a person.
type Snapshot struct {
	AsOf  time.Time
	Plan  copilot.Plan
	Seats []Seat
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
	if b.countsBefore(&a, on) {
		a.Plan, a.Team = b.Plan, b.Team
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

// countsBefore reports whether of two grants to one person it is this that is paid for on that day: one that is not over,
// then the higher plan, then the first team by name, so that the order of grants does not matter.
func (s *Seat) countsBefore(other *Seat, on calendar.Date) bool {
	if billed := s.billedOn(on); billed != other.billedOn(on) {
		return billed
	}
	if ours, theirs := rank(s.Plan), rank(other.Plan); ours != theirs {
		return ours > theirs
	}
	return s.Team != "" && (other.Team == "" || s.Team < other.Team)
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

// billedOn reports whether the seat is still paid for on that day: the date on which it is given up is no longer.
func (s *Seat) billedOn(day calendar.Date) bool {
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
func (s Seat) Status(at time.Time, idleAfterDays int, lastUsage *calendar.Date) SeatStatus {
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
