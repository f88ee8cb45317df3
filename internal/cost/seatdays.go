package cost

import (
	"errors"
	"maps"
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
	date      calendar.Date // the day of the last snapshot
	people    map[int64]run
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

// NewSeatDays returns a SeatDays for a period.
func NewSeatDays(p Period) *SeatDays {
	return &SeatDays{
		period: p, people: map[int64]run{}, nameless: map[seat.Terms][]run{},
		held: tally{period: p, counted: calendar.Range{From: p.From, To: p.To}, last: map[string]int64{}, days: map[holding]int64{}, people: map[int64]copilot.Plan{}, unnamed: map[copilot.Plan]int64{}},
	}
}

// Of makes s count only some days of the period, and by the teams of the holders. It must be called before Add.
func (s *SeatDays) Of(days calendar.Range, teams *team.Month) {
	s.held.counted, s.held.teams, s.held.told = days, teams, teams.Known()
}

var errNotListed = errors.New("a snapshot of the seats removes what the one before does not list")

// Add adds the snapshot of a day by its changes. Snapshots must come oldest first, one a day, and lie within Period.Snapshots. On each
// day a person holds one seat, by the grant that counts.
func (s *SeatDays) Add(day DayChanges) error {
	until := min(day.Date-1, s.held.counted.To)
	next := seat.Seat{Plan: day.Plan}
	if s.held.known {
		s.held.hold(&s.unlisted, s.notListed, s.date, until)
	} else {
		s.held.hold(&next, int64(day.NotListed), s.period.From, until)
	}
	changed := make(map[int64][]seat.Seat, len(day.Added))
	of := func(id int64) []seat.Seat {
		if grants, ok := changed[id]; ok {
			return grants
		}
		return s.people[id].grants
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
			s.held.add(grant, s.givenOn, until)
			terms := grant[0].Terms()
			s.nameless[terms] = append(s.nameless[terms], run{grant, day.Date})
		} else if others := of(*id); len(others) > 0 {
			changed[*id] = append(slices.Clip(others), grant[0])
		} else {
			changed[*id] = grant
		}
	}
	for id, grants := range changed {
		s.changePerson(id, run{grants, day.Date}, until)
	}
	s.date, s.held.known = day.Date, true
	s.notListed, s.unlisted = int64(day.NotListed), next
	return nil
}

// changePerson counts the days of a person's present run up to a day, and begins a run with other grants.
func (s *SeatDays) changePerson(id int64, next run, until calendar.Date) {
	if before, known := s.people[id]; known {
		s.held.add(appendGivenAfter(before.grants, next.grants, s.date), before.began, until)
	} else {
		s.held.add(next.grants, s.givenOn, until)
	}
	if s.people[id] = next; len(next.grants) == 0 {
		delete(s.people, id)
	}
}

// endNameless counts the days of a seat without a person up to a day, and reports whether there is such a seat.
func (s *SeatDays) endNameless(terms seat.Terms, until calendar.Date) bool {
	runs := s.nameless[terms]
	if len(runs) == 0 {
		return false
	}
	s.held.add(runs[0].grants, runs[0].began, until)
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
func (s *SeatDays) through(day calendar.Date) tally {
	held := s.held
	if !held.known {
		return held
	}
	people := make(map[int64]copilot.Plan, len(s.people)+len(held.people))
	maps.Copy(people, held.people)
	held.days, held.people, held.unnamed = maps.Clone(held.days), people, maps.Clone(held.unnamed)
	held.held, held.last = slices.Clip(held.held), maps.Clone(held.last)
	for _, r := range s.people {
		held.add(r.grants, r.began, day)
	}
	for _, runs := range s.nameless {
		for _, r := range runs {
			held.add(r.grants, r.began, day)
		}
	}
	held.hold(&s.unlisted, s.notListed, s.date, day)
	return held
}

// undivided is like through, but does not divide the present runs by team.
func (s *SeatDays) undivided(day calendar.Date) tally {
	whole := *s
	whole.held.teams = nil
	return whole.through(day)
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
