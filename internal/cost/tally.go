package cost

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// tally is what is counted of seats.
type tally struct {
	period  Period
	known   bool                   // false: no snapshot tells of the seats
	days    map[holding]int64      // on how many days seats were held
	people  map[int64]copilot.Plan // who held one at all, by the highest plan
	unnamed map[copilot.Plan]int64 // seats on the last day that name nobody: on others they may have been a person's
}

// holding is what seat-days have in common.
type holding struct {
	plan         copilot.Plan
	team         string
	organization string // empty: GitHub does not name it
}

// add adds the days up to one on which somebody held a seat by any of these grants, each since its day.
func (t *tally) add(grants []seat.Seat, since func(*seat.Seat) calendar.Date, until calendar.Date) {
	if len(grants) == 1 {
		t.hold(&grants[0], 1, since(&grants[0]), until)
		return
	}
	first := never
	for i := range grants {
		first = min(first, since(&grants[i]))
	}
	for day := max(first, t.period.From); day <= until; day++ {
		var counts *seat.Seat
		for i := range grants {
			if grant := &grants[i]; since(grant) <= day && (counts == nil || grant.CountsBefore(counts, day)) {
				counts = grant
			}
		}
		t.hold(counts, 1, day, day)
	}
}

// hold adds the days from one to another, as far as they lie in the month and the seat is billed, for n seats alike.
func (t *tally) hold(held *seat.Seat, n int64, from, until calendar.Date) {
	from = max(from, t.period.From)
	if held.PendingCancellation != nil {
		until = min(until, *held.PendingCancellation-1)
	}
	if from > until || n == 0 {
		return
	}
	t.days[holding{held.Plan, held.Team, held.Organization}] += n * int64(until-from+1)
	switch {
	case held.UserID != nil:
		if plan, known := t.people[*held.UserID]; !known || seat.ComparePlans(held.Plan, plan) > 0 {
			t.people[*held.UserID] = held.Plan
		}
	case from <= t.period.To && t.period.To <= until:
		t.unnamed[held.Plan] += n
	}
}
