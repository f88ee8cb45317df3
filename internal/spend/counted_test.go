package spend_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// daily has the same seats in a snapshot of each day. It keeps the counts of each.
type daily struct {
	*seen
	counts map[calendar.Date]seat.Tally
}

func (d *daily) SeatsAndMore(_ context.Context, _ connector.Ref, days calendar.Range, beside func(time.Time)) (*seat.Snapshot, error) {
	asOf := days.To.Start().Add(6 * time.Hour)
	beside(asOf)
	return &seat.Snapshot{AsOf: asOf, Plan: copilot.PlanBusiness, Seats: d.held}, nil
}

func (d *daily) PutSeatCounts(_ context.Context, _ connector.Ref, date calendar.Date, tally seat.Tally) error {
	d.counts[date] = tally
	return nil
}

// The days that a poll counts share one search of a year. Each day alone has a search of its own.
func TestDaysCountedTogetherHaveTheCountsOfEachAlone(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // the same cases in each run
	days := calendar.Range{From: today - 4, To: today}
	for range 60 {
		s := &seen{daysAgo: map[int64]int{}}
		for id := int64(1); id <= 12; id++ {
			s.held = append(s.held, given(id, dice.IntN(420)))
			if dice.IntN(3) > 0 {
				s.daysAgo[id] = []int{dice.IntN(8), dice.IntN(60), 355 + dice.IntN(20)}[dice.IntN(3)]
			}
		}
		c := &connector.Connector{Settings: connector.Settings{IdleAfterDays: 1 + dice.IntN(40)}}
		c.FirstDay, c.Capabilities.Users = new(today-400), access.OK
		count := func(days ...calendar.Range) (map[calendar.Date]seat.Tally, int) {
			d := &daily{s, map[calendar.Date]seat.Tally{}}
			r := readerOf(s)
			r.Store, r.Days, s.reads = d, d, nil
			for _, some := range days {
				if err := r.CountSeats(t.Context(), c, some); err != nil {
					t.Fatal(err)
				}
			}
			years := 0
			for _, read := range s.reads {
				if days, _, _ := strings.Cut(read, " "); len(days) == 3 {
					years++
				}
			}
			return maps.Clone(d.counts), years
		}
		var each []calendar.Range
		for _, date := range days.Days() {
			each = append(each, calendar.Range{From: date, To: date})
		}
		want, _ := count(each...)
		got, years := count(days)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(seat.Tally{})); diff != "" || len(got) != 5 {
			t.Fatalf("idle after %d days, used %v days ago (-alone +together):\n%s", c.IdleAfterDays, s.daysAgo, diff)
		}
		if c.IdleAfterDays >= 3 && years > 1 {
			t.Errorf("idle after %d days: a year was searched %d times: %v", c.IdleAfterDays, years, s.reads)
		}
	}
}
