package cost

import (
	"errors"
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
