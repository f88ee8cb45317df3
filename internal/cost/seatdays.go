package cost

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// DayChanges is the snapshot of a day as its changes since the one before. In the first one, every grant is added.
type DayChanges struct {
	Date calendar.Date
	seat.Changes
	NotListed int          // how many more seats GitHub announces
	Plan      copilot.Plan // the plan that all listed seats have, with one seat for each person
}

// SeatDays counts the days of a period on which seats were held, from the snapshots of its days. A day without a snapshot has the
// grants of the one before, each until its cancellation date, and those grants of the one after that were given in between. Before the
// first snapshot, its seats count since they were given.
//
// Grants that are the same in many snapshots are counted once for all of these days, because most grants never change.
type SeatDays struct {
	period    Period
	date      calendar.Date        // the day of the last snapshot
	first     []holder             // the people of the first snapshot, by ascending id
	later     map[int64]*holder    // the people who came later
	nameless  map[seat.Terms][]run // seats without a person, each with one grant
	notListed int64                // seats that GitHub announces and does not list; they are paid for too
	unlisted  seat.Seat            // a seat that is not listed; it has the plan that all listed seats share
	held      tally                // the days of runs that have ended
}

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

// NewSeatDays returns a SeatDays for a period. It divides the days by the teams that have assigned the seats.
func NewSeatDays(p Period) *SeatDays {
	s := &SeatDays{period: p, later: map[int64]*holder{}, nameless: map[seat.Terms][]run{}, held: newTally(p)}
	s.Of(calendar.Range{From: p.From, To: p.To}, &team.Month{First: p.From})
	return s
}

// Of makes s count only some days of the period, and by the teams of the holders. It must be called before Add.
func (s *SeatDays) Of(days calendar.Range, teams *team.Month) {
	s.held.counted, s.held.byTeam = days, newDivision(teams)
}

var errNotListed = errors.New("a snapshot of the seats removes what the one before does not list")

// Add adds the snapshot of a day by its changes. Snapshots must come oldest first, one a day, and lie within Period.Snapshots. On each
// day a person holds one seat, by the grant that counts.
func (s *SeatDays) Add(day DayChanges) error {
	until := min(day.Date-1, s.held.counted.To)
	next := seat.Seat{Plan: day.Plan}
	if s.held.known {
		s.held.hold(&s.unlisted, s.notListed, s.date, until, nil)
		if err := s.change(day, until); err != nil {
			return err
		}
	} else {
		s.held.hold(&next, int64(day.NotListed), s.period.From, until, nil)
		if len(day.Removed) > 0 {
			return errNotListed
		}
		s.open(day, until)
	}
	s.date, s.held.known = day.Date, true
	s.notListed, s.unlisted = int64(day.NotListed), next
	return nil
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

// without returns grants without one of these terms, and reports whether there is one.
func without(grants []seat.Seat, terms seat.Terms) ([]seat.Seat, bool) {
	for i := range grants {
		if grants[i].Terms() == terms {
			return slices.Concat(grants[:i], grants[i+1:]), true
		}
	}
	return grants, false
}

// givenOn returns the first day of a grant that the last snapshot does not list, if this day is before the next snapshot.
func (s *SeatDays) givenOn(grant *seat.Seat) calendar.Date {
	day := given(grant)
	if !s.held.known || day > s.date || day == s.date && grant.UserID != nil {
		return day
	}
	return never // otherwise the last snapshot would list it, or it does so without a person
}

// through also counts the days of the present runs, up to a day.
func (s *SeatDays) through(day calendar.Date) tally { return s.close(s.held.clone(), day) }

// undivided is like through, but does not divide the days by team.
func (s *SeatDays) undivided(day calendar.Date) tally {
	whole := s.held
	whole.byTeam = nil
	return s.close(whole.clone(), day)
}

func (s *SeatDays) close(held tally, day calendar.Date) tally {
	if !held.known {
		return held
	}
	held.expect(len(s.first))
	for h := range s.everybody {
		highest := h.highest
		held.add(h.grants, h.began, day, &highest)
		if highest.known {
			held.people[highest.plan]++
		}
	}
	for _, runs := range s.nameless {
		for _, r := range runs {
			held.add(r.grants, r.began, day, nil)
		}
	}
	held.hold(&s.unlisted, s.notListed, s.date, day, nil)
	return held
}

// never is later than every day.
const never = calendar.Date(1 << 30)

// given returns the day on which a grant was given. If this is unknown, it returns a day before every month.
func given(s *seat.Seat) calendar.Date {
	if s.CreatedAt == nil {
		return 0
	}
	return calendar.DateOf(*s.CreatedAt)
}

// appendGivenAfter appends the grants that were given after a day.
func appendGivenAfter(grants, more []seat.Seat, day calendar.Date) []seat.Seat {
	for i := range more {
		if given(&more[i]) > day {
			grants = append(slices.Clip(grants), more[i])
		}
	}
	return grants
}
