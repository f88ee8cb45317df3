package cost

import (
	"maps"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// DaySeats is the snapshot of a day: who held a seat.
type DaySeats struct {
	Date  connector.Date
	Seats []Seat
}

// SeatDays counts on how many days of a period seats were held, from the snapshots of its days. A day without a snapshot
// has the seats of the one before, each until the date on which it is given up, and those of the one after that were
// given in between. Before the first snapshot, its seats are held since they were given.
type SeatDays struct {
	period Period
	last   *DaySeats // nil: there is none
	held   tally
}

// NewSeatDays begins to count the seats of a period.
func NewSeatDays(p Period) *SeatDays {
	return &SeatDays{period: p, held: tally{
		period: p, days: map[holding]int64{}, people: map[int64]connector.Plan{}, unnamed: map[connector.Plan]int64{},
	}}
}

// Add adds the snapshot of a day. Snapshots come oldest first, one a day, as far as Period.Snapshots goes; others are
// left out. Nobody counts twice, however many grants there are.
func (s *SeatDays) Add(day DaySeats) {
	if near := s.period.Snapshots(); day.Date < near.From || day.Date > near.To {
		return
	}
	day.Seats = OnePerPerson(day.Seats)
	until := min(day.Date-1, s.period.To)
	if s.last != nil {
		s.held.addAll(s.last, until)
	}
	before := s.last.people()
	for _, seat := range day.Seats {
		if seat.UserID == nil || !before[*seat.UserID] {
			s.held.add(seat, s.givenOn(seat), until)
		}
	}
	s.last, s.held.known = &day, true
}

// givenOn is the first day on which a seat was held that the last snapshot does not list, if that is before the next.
func (s *SeatDays) givenOn(seat Seat) connector.Date {
	switch {
	case s.last == nil && seat.CreatedAt == nil:
		return s.period.From
	case s.last == nil:
		return connector.DateOf(*seat.CreatedAt)
	case seat.CreatedAt == nil:
		return never
	}
	given := connector.DateOf(*seat.CreatedAt)
	if given > s.last.Date || given == s.last.Date && seat.UserID != nil {
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

func (d *DaySeats) people() map[int64]bool {
	people := map[int64]bool{}
	if d == nil {
		return people
	}
	for _, seat := range d.Seats {
		if seat.UserID != nil {
			people[*seat.UserID] = true
		}
	}
	return people
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

func (t *tally) addAll(snapshot *DaySeats, until connector.Date) {
	for _, seat := range snapshot.Seats {
		t.add(seat, snapshot.Date, until)
	}
}

// add adds the days from one to another, as far as they lie in the month and the seat is billed.
func (t *tally) add(seat Seat, from, until connector.Date) {
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
