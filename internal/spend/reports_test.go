package spend_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// told is seen with the given newest days. asked counts the readings by the number of newest days requested.
type told struct {
	*seen
	days  []metrics.Day
	part  bool // the per-user reports lack somebody
	asked map[int]int
}

func (d *told) LastUse(ctx context.Context, c *connector.Connector, days calendar.Range, lastDays int) (*activity.LastUse, []metrics.Day, bool, error) {
	last, _, _, err := d.seen.LastUse(ctx, c, days, lastDays)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[lastDays]++
	return last, d.days, !d.part, err
}

// A seat without known activity is idle only if all days that make it idle are there. If one of them is missing, its status is
// unknown.
func TestAMissingReportMakesASeatsStatusUnknown(t *testing.T) {
	t.Parallel()
	const there, pending, missing = metrics.Final, metrics.Pending, metrics.Missing
	busy := metrics.Day{State: there, Usage: metrics.Usage{ActiveUsers: new(int64(1)), EngagedUsers: new(int64(0))}}
	quiet := metrics.Day{State: there, Usage: metrics.Usage{ActiveUsers: new(int64(0)), EngagedUsers: new(int64(0))}}
	withoutPeople := metrics.Day{State: there, Usage: metrics.Usage{ActiveUsers: new(int64(3))}}
	onlyPeople := metrics.Day{State: there, Usage: metrics.Usage{EngagedUsers: new(int64(3))}}
	of := func(states ...metrics.State) (days []metrics.Day) {
		for _, state := range states {
			days = append(days, metrics.Day{State: state})
		}
		return days
	}
	const seatsOnly, both = seat.SeatsOnly, seat.SeatsAndUsage
	for _, test := range []struct {
		name   string
		users  access.Permitted
		days   []metrics.Day
		part   bool
		basis  seat.Basis
		status seat.Status
	}{
		{"each day is there", access.OK, of(there, there), false, both, seat.Idle},
		{"people are missing", access.OK, of(there, there), true, both, seat.Unknown},
		{"the newest are still to come", access.OK, of(there, pending, pending), false, both, seat.Idle},
		{"all are still to come", access.OK, of(pending, pending), false, both, seat.Idle},
		{"an older one is still to come", access.OK, of(pending, there, pending), false, both, seat.Unknown},
		{"the oldest is missing", access.OK, of(missing, there), false, both, seat.Unknown},
		{"the newest is missing", access.OK, of(there, missing), false, both, seat.Unknown},
		{"missing before one to come", access.OK, of(there, missing, pending), false, both, seat.Unknown},
		{"refused, and read before", access.Denied, []metrics.Day{quiet, busy, quiet}, false, both, seat.Idle},
		{"refused, and nobody was active", access.Denied, []metrics.Day{quiet}, false, seatsOnly, seat.Idle},
		{"refused, and only the sums were read", access.Denied, []metrics.Day{withoutPeople, onlyPeople}, false, seatsOnly, seat.Idle},
		{"refused, and nothing was read", access.Unknown, nil, false, seatsOnly, seat.Idle},
	} {
		c := &connector.Connector{
			Settings: connector.Settings{IdleAfterDays: 100}, Progress: connector.Progress{FirstDay: new(today - 400)},
		}
		c.Capabilities.Users = test.users
		d := &told{seen: &seen{held: []seat.Seat{given(1, 400)}}, days: test.days, part: test.part, asked: map[int]int{}}
		reader := reader(kept{})
		reader.Store, reader.Days = d.seen, d
		got, err := reader.Seats(t.Context(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Basis != test.basis || got.Rows[0].Status != test.status {
			t.Errorf("%s: the seat is %s, judged by %s", test.name, got.Rows[0].Status, got.Basis)
		}
		if diff := cmp.Diff(map[int]int{101: 1}, d.asked); diff != "" {
			t.Errorf("%s: the newest days (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestTheActiveDevelopersOfAMonthNeedEachDay(t *testing.T) {
	t.Parallel()
	c := &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30}}
	for _, part := range []bool{false, true} {
		d := &told{
			seen:  &seen{daysAgo: map[int64]int{1: 3, 2: 0}},
			days:  []metrics.Day{{State: metrics.Final, Usage: metrics.Usage{ActiveUsers: new(int64(2)), CreditsUsed: new(metrics.Credits(1))}}},
			part:  part,
			asked: map[int]int{},
		}
		d.held = []seat.Seat{{Plan: copilot.PlanBusiness}}
		reader := reader(kept{})
		reader.Store, reader.Days = d.seen, d
		month, err := reader.ComparedMonth(t.Context(), c, cost.MonthToDate(now))
		if err != nil {
			t.Fatal(err)
		}
		want := new(int64(2))
		if part {
			want = nil
		}
		if diff := cmp.Diff(want, month.ActiveDevelopers); diff != "" {
			t.Errorf("days missing: %v (-want +got):\n%s", part, diff)
		}
		if month.From != today.FirstOfMonth() || month.Previous == nil || month.Previous.To != calendar.Date(20748) {
			t.Errorf("%s is compared with %+v", month.From, month.Previous)
		}
		if d.asked[22] != 2 { // once for the month so far, and once for the same number of days before
			t.Errorf("readings by number of newest days: %v", d.asked)
		}
	}
}
