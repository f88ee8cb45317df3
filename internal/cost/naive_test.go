package cost

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// naive counts seat-days in a simple way: snapshot by snapshot and day by day, with all people in memory. SeatDays must give the
// same.
type naive struct {
	period    Period
	snapshots []DaySeats
}

// on returns who holds a seat on a day: the grant of each person, the seats without a person, and the number of seats not listed.
func (n naive) on(day calendar.Date) (people map[int64]seat.Seat, nameless []seat.Seat, notListed int, plan copilot.Plan) {
	var before, after *DaySeats
	for i := range n.snapshots {
		if s := &n.snapshots[i]; s.Date <= day {
			before = s
		} else if after == nil {
			after = s
		}
	}
	candidates := map[int64][]seat.Seat{}
	offer := func(grant seat.Seat) {
		switch {
		case given(&grant) > day:
		case grant.UserID != nil:
			candidates[*grant.UserID] = append(candidates[*grant.UserID], grant)
		case grant.BilledOn(day):
			nameless = append(nameless, grant)
		}
	}
	listed := map[int64]bool{}
	left := map[seat.Terms]int{}
	if before != nil {
		for _, grant := range before.Seats {
			left[grant.Terms()]++
			if grant.UserID != nil {
				listed[*grant.UserID] = true
			}
			if given(&grant) <= before.Date {
				grant.CreatedAt = nil // held at least since the snapshot
			}
			offer(grant)
		}
	}
	if after != nil {
		for _, grant := range after.Seats {
			since := given(&grant)
			if before != nil {
				if left[grant.Terms()] > 0 {
					left[grant.Terms()]--
					continue
				}
				sameDay := since == before.Date && grant.UserID != nil && !listed[*grant.UserID]
				if since <= before.Date && !sameDay {
					continue
				}
			}
			offer(grant)
		}
	}
	people = map[int64]seat.Seat{}
	for id, grants := range candidates {
		best := grants[0]
		for i := range grants[1:] {
			if grants[1+i].CountsBefore(&best, day) {
				best = grants[1+i]
			}
		}
		if best.BilledOn(day) {
			people[id] = best
		}
	}
	of := before
	if of == nil {
		of = after
	}
	return people, nameless, of.NotListed, seat.SharedPlan(seat.OnePerPerson(of.Seats, of.Date))
}

func (n naive) through(until calendar.Date) tally {
	t := newTally(n.period)
	t.byTeam = newDivision(&team.Month{First: n.period.From})
	highest := map[int64]copilot.Plan{}
	if t.known = len(n.snapshots) > 0; !t.known {
		return t
	}
	for day := n.period.From; day <= until; day++ {
		people, nameless, notListed, plan := n.on(day)
		for id, held := range people {
			t.count(held, 1)
			if known, ok := highest[id]; !ok || seat.ComparePlans(held.Plan, known) > 0 {
				highest[id] = held.Plan
			}
		}
		for _, held := range nameless {
			t.count(held, 1)
			if day == n.period.To {
				t.unnamed[held.Plan]++
			}
		}
		if notListed > 0 {
			t.count(seat.Seat{Plan: plan}, int64(notListed))
			if day == n.period.To {
				t.unnamed[plan] += int64(notListed)
			}
		}
	}
	for _, plan := range highest {
		t.people[plan]++
	}
	return t
}

// count adds a day of n equal seats.
func (t *tally) count(held seat.Seat, n int64) {
	t.days[holding{held.Plan, held.Organization}] += n
	t.byTeam.days.add(PlanShare{held.Plan, 1}, t.byTeam.names.number(held.Team), n)
}

var plans = []copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown}

// grantNear draws a grant for one of a few people around a month.
func grantNear(p Period) *rapid.Generator[seat.Seat] {
	dates := rapid.Map(rapid.IntRange(int(p.From)-10, int(p.End())+10), func(n int) calendar.Date { return calendar.Date(n) })
	return rapid.Custom(func(t *rapid.T) seat.Seat {
		return seat.Seat{
			UserID:              rapid.Ptr(rapid.Int64Range(1, 6), true).Draw(t, "person"),
			Organization:        rapid.SampledFrom([]string{"", "acme", "octo"}).Draw(t, "organization"),
			Team:                rapid.SampledFrom([]string{"", "core", "ops"}).Draw(t, "team"),
			Plan:                rapid.SampledFrom(plans).Draw(t, "plan"),
			CreatedAt:           rapid.Ptr(rapid.Map(dates, calendar.Date.Start), true).Draw(t, "created"),
			PendingCancellation: rapid.Ptr(dates, true).Draw(t, "ends"),
		}
	})
}

// story draws the snapshots of a month and of the days around it. Grants stay, come, go and change, and on some days there was no
// poll.
func story(t *rapid.T, p Period) (days []DaySeats) {
	var held []seat.Seat
	missed := rapid.IntRange(0, 3).Draw(t, "polls missed of four")
	for day := p.Snapshots().From; day <= p.Snapshots().To; day++ {
		for range rapid.SampledFrom([]int{0, 0, 0, 1, 2, 5}).Draw(t, "changes") {
			switch at := rapid.IntRange(0, len(held)).Draw(t, "which"); {
			case at == len(held):
				held = append(held[:at:at], grantNear(p).Draw(t, "given"))
			case rapid.Bool().Draw(t, "goes"):
				held = append(held[:at:at], held[at+1:]...)
			default:
				changed := append([]seat.Seat{}, held...)
				changed[at] = grantNear(p).Draw(t, "changed")
				changed[at].UserID = held[at].UserID
				held = changed
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "a poll") >= missed {
			days = append(days, DaySeats{Date: day, Seats: held, NotListed: rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "not listed")})
		}
	}
	return days
}

func drawPeriod(t *rapid.T) Period {
	first := calendar.DateOf(time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC))
	p := Period{From: first, Over: rapid.Bool().Draw(t, "over")}
	if p.To = p.End(); !p.Over {
		p.To = p.From + calendar.Date(rapid.IntRange(0, p.Days()-1).Draw(t, "to"))
	}
	return p
}

func TestSeatDaysAgreeWithANaiveCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPeriod(t)
		days := story(t, p)
		got := SeatDaysOf(p, days...)
		for _, until := range []calendar.Date{p.To, p.End()} {
			want := fmt.Sprint(naive{p, days}.through(until).sums())
			if diff := cmp.Diff(want, fmt.Sprint(got.through(until).sums())); diff != "" {
				t.Fatalf("through %s (-naive +got):\n%s", until, diff)
			}
		}
	})
}

// sums returns the parts of a tally from which a month's figures are computed.
func (t tally) sums() (bool, map[holding]int64, map[PlanShare]map[string]int64, map[copilot.Plan]int64, map[copilot.Plan]int64) {
	byTeam := map[PlanShare]map[string]int64{}
	for _, alike := range t.byTeam.days {
		byTeam[alike.PlanShare] = t.byTeam.byName(alike.byTeam)
	}
	return t.known, t.days, byTeam, t.people, t.unnamed
}
