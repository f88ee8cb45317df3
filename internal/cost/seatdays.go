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

// DayChanges is the snapshot of a day, as what it changes of the one before; of the first one everything is added.
type DayChanges struct {
	Date calendar.Date
	seat.Changes
	NotListed int          // how many more seats GitHub announces
	Plan      copilot.Plan // that all listed seats share, one for each person
}

// SeatDays counts on how many days of a period seats were held, from the snapshots of its days. A day without a snapshot
// has the grants of the one before, each until the date on which it is given up, and those of the one after that were
// given in between. Before the first snapshot, its seats are held since they were given.
//
// Whose grants are the same in many snapshots is counted once, for all of their days: most people's never change.
type SeatDays struct {
	period    Period
	date      calendar.Date // of the last snapshot, where any is known
	people    map[int64]run
	nameless  map[seat.Terms][]run // of one grant each
	notListed int64                // seats that are paid for all the same
	unlisted  seat.Seat            // one of these: on the plan that all listed seats share
	held      tally                // on days that were counted: those of runs that have ended
}

// run is the grants of one person, the same in each snapshot from a day to the last one.
type run struct {
	grants []seat.Seat
	since  calendar.Date
}

// began returns the first day on which a grant of the run was held.
func (r run) began(grant *seat.Seat) calendar.Date { return max(r.since, given(grant)) }

// NewSeatDays begins to count the seats of a period.
func NewSeatDays(p Period) *SeatDays {
	return &SeatDays{
		period: p, people: map[int64]run{}, nameless: map[seat.Terms][]run{},
		held: tally{period: p, counted: calendar.Range{From: p.From, To: p.To}, last: map[string]int64{}, days: map[holding]int64{}, people: map[int64]copilot.Plan{}, unnamed: map[copilot.Plan]int64{}},
	}
}

// Of counts only some days of the period, and by the teams of their holders. It must be called before Add.
func (s *SeatDays) Of(days calendar.Range, teams *team.Month) {
	s.held.counted, s.held.teams = days, teams
}

var errNotListed = errors.New("a snapshot of the seats removes what the one before does not list")

// Add adds the snapshot of a day by what it changes. Snapshots come oldest first, one a day, and lie within
// Period.Snapshots. On each day a person holds one seat, by the grant that counts.
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
		grant := day.Added[i : i+1 : i+1] // appending copies
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

// changePerson counts the days up to one on which a person held a seat by the grants that end now, and begins with others.
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

// endNameless counts the days up to one of a seat that names nobody, and reports whether there is such a seat.
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

// givenOn is the first day on which a grant was held that the last snapshot does not list, if that is before the next.
func (s *SeatDays) givenOn(grant *seat.Seat) calendar.Date {
	day := given(grant)
	if !s.held.known || day > s.date || day == s.date && grant.UserID != nil {
		return day
	}
	return never // the last snapshot would list it, or does so without a name
}

// through counts also the days since the last runs began, up to that one.
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
