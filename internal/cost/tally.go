package cost

import (
	"maps"
	"math/bits"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// tally counts seats.
type tally struct {
	period  Period
	counted calendar.Range         // the days that are counted
	known   bool                   // false: no snapshot tells of the seats
	days    map[holding]int64      // seat-days
	byTeam  *division              // the same seat-days by team; nil: they are not divided
	people  map[copilot.Plan]int64 // everybody who held a seat, by the highest plan
	unnamed map[copilot.Plan]int64 // seats without a person on the last day; on other days they may have had one
	last    int64                  // seats on the last counted day

	note func(held *seat.Seat, n int64, days uint32) // gets everything that is counted; may be nil
}

// holding is the key of seat-days.
type holding struct {
	plan         copilot.Plan
	organization string // empty if GitHub does not name it
}

// highestPlan is the highest plan of the seats that a person has held.
type highestPlan struct {
	plan  copilot.Plan
	known bool // false: no seat
}

func newTally(p Period) tally {
	return tally{period: p, days: map[holding]int64{}, people: map[copilot.Plan]int64{}, unnamed: map[copilot.Plan]int64{}}
}

func (t *tally) clone() tally {
	c := *t
	c.days, c.people, c.unnamed = maps.Clone(t.days), maps.Clone(t.people), maps.Clone(t.unnamed)
	if t.byTeam != nil {
		c.byTeam = t.byTeam.clone()
	}
	return c
}

// expect makes room for so many people.
func (t *tally) expect(people int) {
	if t.byTeam != nil {
		t.byTeam.expect(people)
	}
}

// add adds the days up to a day on which somebody held a seat by any of these grants, each since its day. highest is nil for a seat
// without a person.
func (t *tally) add(grants []seat.Seat, since func(*seat.Seat) calendar.Date, until calendar.Date, highest *highestPlan) {
	if len(grants) == 1 {
		t.hold(&grants[0], 1, since(&grants[0]), until, highest)
		return
	}
	first := never
	for i := range grants {
		first = min(first, since(&grants[i]))
	}
	for day := max(first, t.counted.From); day <= until; day++ {
		var counts *seat.Seat
		for i := range grants {
			if grant := &grants[i]; since(grant) <= day && (counts == nil || grant.CountsBefore(counts, day)) {
				counts = grant
			}
		}
		t.hold(counts, 1, day, day, highest)
	}
}

// hold adds the days of a range for n equal seats. It leaves out days that are not counted or on which the seat is not billed.
func (t *tally) hold(held *seat.Seat, n int64, from, until calendar.Date, highest *highestPlan) {
	from = max(from, t.counted.From)
	if held.PendingCancellation != nil {
		until = min(until, *held.PendingCancellation-1)
	}
	if from > until || n == 0 {
		return
	}
	t.take(held, n, t.mask(from, until), highest)
}

// take adds counted days, one bit a day, for n equal seats.
func (t *tally) take(held *seat.Seat, n int64, days uint32, highest *highestPlan) {
	if days == 0 {
		return
	}
	t.days[holding{held.Plan, held.Organization}] += n * int64(bits.OnesCount32(days))
	last := days & t.mask(t.counted.To, t.counted.To)
	if last != 0 {
		t.last += n
	}
	if t.byTeam != nil {
		t.byTeam.hold(held, n, days, last)
	}
	if t.note != nil {
		t.note(held, n, days)
	}
	switch {
	case highest == nil:
		if days&t.mask(t.period.To, t.period.To) != 0 {
			t.unnamed[held.Plan] += n
		}
	case !highest.known || seat.ComparePlans(held.Plan, highest.plan) > 0:
		*highest = highestPlan{held.Plan, true}
	}
}

// mask has a bit for each day of a range, which must lie within the month.
func (t *tally) mask(from, until calendar.Date) uint32 {
	return (uint32(1)<<(until-from+1) - 1) << (from - t.period.From)
}
