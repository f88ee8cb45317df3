package cost

import (
	"maps"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// DaySeats is the snapshot of a day: who was granted a seat.
type DaySeats struct {
	Date  connector.Date
	Seats []Seat
}

// SeatDays counts on how many days of a period seats were held, from the snapshots of its days. A day without a snapshot
// has the seats of the one before, each until the date on which it is given up, and those of the one after that were
// given in between. Before the first snapshot, its seats are held since they were given.
type SeatDays struct {
	period Period
	last   *snapshot // nil: there is none
	held   tally
}

// snapshot is the grants of a day, by person.
type snapshot struct {
	date    connector.Date
	people  map[int64][]Seat
	unnamed []Seat
}

func newSnapshot(day DaySeats) *snapshot {
	s := &snapshot{date: day.Date, people: make(map[int64][]Seat, len(day.Seats))}
	for i, grant := range day.Seats {
		switch id := grant.UserID; {
		case id == nil:
			s.unnamed = append(s.unnamed, grant)
		case s.people[*id] == nil:
			s.people[*id] = day.Seats[i : i+1 : i+1] // appending copies
		default:
			s.people[*id] = append(s.people[*id], grant)
		}
	}
	return s
}

// NewSeatDays begins to count the seats of a period.
func NewSeatDays(p Period) *SeatDays {
	return &SeatDays{period: p, held: tally{
		period: p, days: map[holding]int64{}, people: map[int64]connector.Plan{}, unnamed: map[connector.Plan]int64{},
	}}
}

// Add adds the snapshot of a day. Snapshots come oldest first, one a day, as far as Period.Snapshots goes; others are
// left out. On each day a person holds one seat, by the grant that counts.
func (s *SeatDays) Add(day DaySeats) {
	if near := s.period.Snapshots(); day.Date < near.From || day.Date > near.To {
		return
	}
	until := min(day.Date-1, s.period.To)
	if s.last != nil {
		s.held.addAll(s.last, until)
	}
	next := newSnapshot(day)
	for id, grants := range next.people {
		if s.last == nil || s.last.people[id] == nil {
			s.held.add(grants, s.givenOn, until)
		}
	}
	for i := range next.unnamed {
		s.held.add(next.unnamed[i:i+1], s.givenOn, until)
	}
	s.last, s.held.known = next, true
}

// givenOn is the first day on which a grant was held that the last snapshot does not list, if that is before the next.
func (s *SeatDays) givenOn(grant *Seat) connector.Date {
	switch {
	case s.last == nil && grant.CreatedAt == nil:
		return s.period.From
	case s.last == nil:
		return connector.DateOf(*grant.CreatedAt)
	case grant.CreatedAt == nil:
		return never
	}
	given := connector.DateOf(*grant.CreatedAt)
	if given > s.last.date || given == s.last.date && grant.UserID != nil {
		return given
	}
	return never // the last snapshot would list it, or does so without a name
}

// through counts also the days after the last snapshot, up to that one.
func (s *SeatDays) through(day connector.Date) tally {
	held := s.held
	if !held.known {
		return held
	}
	held.days, held.people, held.unnamed = maps.Clone(held.days), maps.Clone(held.people), maps.Clone(held.unnamed)
	held.addAll(s.last, day)
	return held
}

// tally is what is counted of seats.
type tally struct {
	period  Period
	known   bool                     // false: no snapshot tells of the seats
	days    map[holding]int64        // on how many days seats were held
	people  map[int64]connector.Plan // who held one at all, by the highest plan
	unnamed map[connector.Plan]int64 // seats on the last day that name nobody: on others they may have been a person's
}

// holding is what seat-days have in common.
type holding struct {
	plan connector.Plan
	team string
}

// never is later than any day.
const never = connector.Date(1 << 30)

func (t *tally) addAll(s *snapshot, until connector.Date) {
	since := func(*Seat) connector.Date { return s.date }
	for _, grants := range s.people {
		t.add(grants, since, until)
	}
	for i := range s.unnamed {
		t.add(s.unnamed[i:i+1], since, until)
	}
}

// add adds the days up to one on which somebody held a seat by any of these grants, each since its day.
func (t *tally) add(grants []Seat, since func(*Seat) connector.Date, until connector.Date) {
	if len(grants) == 1 {
		t.hold(&grants[0], since(&grants[0]), until)
		return
	}
	first := never
	for i := range grants {
		first = min(first, since(&grants[i]))
	}
	for day := max(first, t.period.From); day <= until; day++ {
		var counts *Seat
		for i := range grants {
			if grant := &grants[i]; since(grant) <= day && (counts == nil || grant.countsBefore(counts, day)) {
				counts = grant
			}
		}
		t.hold(counts, day, day)
	}
}

// hold adds the days from one to another, as far as they lie in the month and the seat is billed.
func (t *tally) hold(seat *Seat, from, until connector.Date) {
	from = max(from, t.period.From)
	if seat.PendingCancellation != nil {
		until = min(until, *seat.PendingCancellation-1)
	}
	if from > until {
		return
	}
	t.days[holding{seat.Plan, seat.Team}] += int64(until - from + 1)
	switch {
	case seat.UserID != nil:
		if held, known := t.people[*seat.UserID]; !known || rank(seat.Plan) > rank(held) {
			t.people[*seat.UserID] = seat.Plan
		}
	case from <= t.period.To && t.period.To <= until:
		t.unnamed[seat.Plan]++
	}
}
