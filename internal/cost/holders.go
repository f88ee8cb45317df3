package cost

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// run has the grants of one person, which are the same in each snapshot from a day to the last snapshot.
type run struct {
	grants []seat.Seat
	since  calendar.Date
}

// began returns the first day on which a grant of the run was held.
func (r run) began(grant *seat.Seat) calendar.Date { return max(r.since, given(grant)) }

// holder is a person who holds a seat, or held one in a snapshot before.
type holder struct {
	id int64
	run
	highest highestPlan // on the days of runs that have ended
}

// open begins with the grants of the first snapshot.
func (s *SeatDays) open(day DayChanges, until calendar.Date) {
	grants := seat.InOrder(day.Added)
	s.first = make([]holder, 0, len(grants))
	for len(grants) > 0 && grants[0].UserID != nil {
		n, id := 1, *grants[0].UserID
		for n < len(grants) && grants[n].UserID != nil && *grants[n].UserID == id {
			n++
		}
		h := holder{id: id, run: run{grants[:n:n], day.Date}} // its capacity is n, so that appending copies
		s.held.add(h.grants, s.givenOn, until, &h.highest)
		s.first, grants = append(s.first, h), grants[n:]
	}
	for i := range grants {
		s.addNameless(grants[i:i+1:i+1], day.Date, until)
	}
}

// change replaces the grants of those people for whom they have changed.
func (s *SeatDays) change(day DayChanges, until calendar.Date) error {
	changed := make(map[int64][]seat.Seat, len(day.Added))
	of := func(id int64) []seat.Seat {
		if grants, ok := changed[id]; ok {
			return grants
		}
		if h := s.holder(id); h != nil {
			return h.grants
		}
		return nil
	}
	for i := range day.Removed {
		grant := &day.Removed[i]
		if grant.UserID == nil {
			if !s.endNameless(grant.Terms(), until) {
				return errNotListed
			}
			continue
		}
		left, ok := without(of(*grant.UserID), grant.Terms())
		if !ok {
			return errNotListed
		}
		changed[*grant.UserID] = left
	}
	for i := range day.Added {
		grant := day.Added[i : i+1 : i+1] // so that appending copies it
		if id := grant[0].UserID; id == nil {
			s.addNameless(grant, day.Date, until)
		} else if others := of(*id); len(others) > 0 {
			changed[*id] = append(slices.Clip(others), grant[0])
		} else {
			changed[*id] = grant
		}
	}
	for id, grants := range changed {
		s.changePerson(id, run{grants, day.Date}, until)
	}
	return nil
}

// holder returns a person, or nil if no snapshot has listed them.
func (s *SeatDays) holder(id int64) *holder {
	at, found := slices.BinarySearchFunc(s.first, id, func(h holder, id int64) int { return cmp.Compare(h.id, id) })
	if found {
		return &s.first[at]
	}
	return s.later[id]
}

// everybody yields all holders, by ascending id.
func (s *SeatDays) everybody(yield func(*holder) bool) {
	at := 0
	for _, id := range append(slices.Sorted(maps.Keys(s.later)), math.MaxInt64) {
		for ; at < len(s.first) && s.first[at].id < id; at++ {
			if !yield(&s.first[at]) {
				return
			}
		}
		if h := s.later[id]; h != nil && !yield(h) {
			return
		}
	}
}

// changePerson counts the days of a person's present run up to a day, and begins a run with other grants.
func (s *SeatDays) changePerson(id int64, next run, until calendar.Date) {
	h := s.holder(id)
	if h == nil {
		h = &holder{id: id}
		s.later[id] = h
	}
	if len(h.grants) > 0 {
		s.held.add(appendGivenAfter(h.grants, next.grants, s.date), h.began, until, &h.highest)
	} else {
		s.held.add(next.grants, s.givenOn, until, &h.highest)
	}
	h.run = next
}

// addNameless begins the run of a seat without a person.
func (s *SeatDays) addNameless(grant []seat.Seat, from, until calendar.Date) {
	s.held.add(grant, s.givenOn, until, nil)
	terms := grant[0].Terms()
	s.nameless[terms] = append(s.nameless[terms], run{grant, from})
}

// endNameless counts the days of a seat without a person up to a day, and reports whether there is such a seat.
func (s *SeatDays) endNameless(terms seat.Terms, until calendar.Date) bool {
	runs := s.nameless[terms]
	if len(runs) == 0 {
		return false
	}
	s.held.add(runs[0].grants, runs[0].began, until, nil)
	s.nameless[terms] = runs[1:]
	return true
}
