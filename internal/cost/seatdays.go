package cost

import (
	"maps"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// DaySeats is the snapshot of a day: who was granted a seat.
type DaySeats struct {
	Date      calendar.Date
	Seats     []seat.Seat
	NotListed int // how many more seats GitHub announces
}

// SeatDays counts on how many days of a period seats were held, from the snapshots of its days. A day without a snapshot
// has the grants of the one before, each until the date on which it is given up, and those of the one after that were
// given in between. Before the first snapshot, its seats are held since they were given.
type SeatDays struct {
	period Period
	last   *snapshot // nil: there is none
	held   tally
}

// snapshot is the grants of a day, by person.
type snapshot struct {
	date    calendar.Date
	people  map[int64][]seat.Seat
	unnamed []seat.Seat

	notListed int64     // seats that are paid for all the same
	unlisted  seat.Seat // one of these: on the plan that all listed seats share
}

func newSnapshot(day DaySeats) *snapshot {
	s := &snapshot{
		date: day.Date, people: make(map[int64][]seat.Seat, len(day.Seats)),
		notListed: int64(day.NotListed), unlisted: seat.Seat{Plan: seat.SharedPlan(seat.OnePerPerson(day.Seats, day.Date))},
	}
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
		period: p, days: map[holding]int64{}, people: map[int64]copilot.Plan{}, unnamed: map[copilot.Plan]int64{},
	}}
}

// Add adds the snapshot of a day. Snapshots come oldest first, one a day, as far as Period.Snapshots goes; others are
// left out. On each day a person holds one seat, by the grant that counts.
func (s *SeatDays) Add(day DaySeats) {
	if near := s.period.Snapshots(); day.Date < near.From || day.Date > near.To {
		return
	}
	until := min(day.Date-1, s.period.To)
	next := newSnapshot(day)
	if s.last != nil {
		s.held.addAll(s.last, next, until)
	} else {
		s.held.hold(&next.unlisted, next.notListed, s.period.From, until)
	}
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
func (s *SeatDays) givenOn(grant *seat.Seat) calendar.Date {
	day := given(grant)
	if s.last == nil || day > s.last.date || day == s.last.date && grant.UserID != nil {
		return day
	}
	return never // the last snapshot would list it, or does so without a name
}

// through counts also the days after the last snapshot, up to that one.
func (s *SeatDays) through(day calendar.Date) tally {
	held := s.held
	if !held.known {
		return held
	}
	held.days, held.people, held.unnamed = maps.Clone(held.days), maps.Clone(held.people), maps.Clone(held.unnamed)
	held.addAll(s.last, nil, day)
	return held
}

// never is later than any day.
const never = calendar.Date(1 << 30)

// given is the day on which a grant was given, one before any month where that is not known.
func given(s *seat.Seat) calendar.Date {
	if s.CreatedAt == nil {
		return 0
	}
	return calendar.DateOf(*s.CreatedAt)
}

// appendGivenAfter appends those of more grants that were given after a day.
func appendGivenAfter(grants, more []seat.Seat, day calendar.Date) []seat.Seat {
	for i := range more {
		if given(&more[i]) > day {
			grants = append(slices.Clip(grants), more[i])
		}
	}
	return grants
}
