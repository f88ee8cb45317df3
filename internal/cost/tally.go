package cost

import (
	"math/bits"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// tally counts seats.
type tally struct {
	period  Period
	counted calendar.Range         // the days that are counted
	teams   *team.Month            // who was in which team; nil: seats tell the teams
	told    uint32                 // the days of which teams knows the membership, one bit a day
	held    []team.Held            // who held a seat on which days
	last    map[string]int64       // by team: seats on the last counted day, whole in each team
	lastAll int64                  // seats on the last counted day, each once
	known   bool                   // false: no snapshot tells of the seats
	days    map[holding]int64      // seat-days
	people  map[int64]copilot.Plan // everybody who held a seat, with the highest plan
	unnamed map[copilot.Plan]int64 // seats without a person on the last day; on other days they may have had one
}

// holding is the key of seat-days. If the holder is in several teams, an equal part of the seat belongs to each.
type holding struct {
	plan         copilot.Plan
	team         string
	organization string // empty if GitHub does not name it
	teams        int64
}

// add adds the days up to a day on which somebody held a seat by any of these grants, each since its day.
func (t *tally) add(grants []seat.Seat, since func(*seat.Seat) calendar.Date, until calendar.Date) {
	if len(grants) == 1 {
		t.hold(&grants[0], 1, since(&grants[0]), until)
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
		t.hold(counts, 1, day, day)
	}
}

// hold adds the days of a range for n equal seats. It leaves out days that are not counted or on which the seat is not billed.
func (t *tally) hold(held *seat.Seat, n int64, from, until calendar.Date) {
	from = max(from, t.counted.From)
	if held.PendingCancellation != nil {
		until = min(until, *held.PendingCancellation-1)
	}
	if from > until || n == 0 {
		return
	}
	t.share(held, n, team.Mask(t.period.From, calendar.Range{From: from, To: until}))
	switch {
	case held.UserID != nil:
		if plan, known := t.people[*held.UserID]; !known || seat.ComparePlans(held.Plan, plan) > 0 {
			t.people[*held.UserID] = held.Plan
		}
	case from <= t.period.To && t.period.To <= until:
		t.unnamed[held.Plan] += n
	}
}

// share adds days of n equal seats, one bit a day, to the teams of the holder. On days without known teams it uses the seat's own
// team.
func (t *tally) share(held *seat.Seat, n int64, days uint32) {
	last := days & team.Mask(t.period.From, calendar.Range{From: t.counted.To, To: t.counted.To})
	t.eachTeam(held, days, func(name string, teams int64, days uint32) {
		t.days[holding{held.Plan, name, held.Organization, teams}] += n * int64(bits.OnesCount32(days))
		if days&last != 0 {
			t.last[name] += n
		}
	})
	if last != 0 {
		t.lastAll += n
	}
	if held.UserID != nil {
		t.held = append(t.held, team.Held{UserID: *held.UserID, Team: held.Team, Days: days})
	}
}

// eachTeam calls take with each team of a seat's holder, or noTeam, and with the number of the holder's teams on these days.
func (t *tally) eachTeam(held *seat.Seat, days uint32, take func(name string, teams int64, days uint32)) {
	known := uint32(0)
	if t.teams != nil {
		known = t.told & days
	}
	if bySeat := days &^ known; bySeat != 0 {
		take(held.Team, 1, bySeat)
	}
	switch {
	case known == 0:
	case held.UserID == nil:
		take(noTeam, 1, known)
	default:
		t.teams.Each(*held.UserID, known, func(names []string, days uint32) {
			for _, name := range names {
				take(name, int64(len(names)), days)
			}
			if len(names) == 0 {
				take(noTeam, 1, days)
			}
		})
	}
}
