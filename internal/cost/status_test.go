package cost_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func TestTheStatusOfASeat(t *testing.T) {
	const instant = 1.0 / (24 * 3600) // a second, in days
	for _, test := range []struct {
		name            string
		created, active *time.Time
		usage           *calendar.Date
		leaves          *calendar.Date
		want            cost.SeatStatus
	}{
		{"active today", daysAgo(400), daysAgo(0.1), nil, nil, cost.SeatActive},
		{"active exactly 30 days ago", daysAgo(400), daysAgo(30), nil, nil, cost.SeatActive},
		{"active a second longer ago", daysAgo(400), daysAgo(30 + instant), nil, nil, cost.SeatIdle},
		{"active long ago", daysAgo(400), daysAgo(89), nil, nil, cost.SeatIdle},
		{"active long ago, age unknown", nil, daysAgo(31), nil, nil, cost.SeatIdle},
		{"active lately, age unknown", nil, daysAgo(29), nil, nil, cost.SeatActive},

		{"new, active before it was given", daysAgo(29), daysAgo(60), nil, nil, cost.SeatActive},
		{"new by a second", daysAgo(30 - instant), daysAgo(60), nil, nil, cost.SeatActive},
		{"just no longer new", daysAgo(30), daysAgo(60), nil, nil, cost.SeatIdle},

		{"idle by seat, seen in the reports", daysAgo(400), daysAgo(80), dayOf("2026-11-20"), nil, cost.SeatActive},
		{"seen on the last day that counts", daysAgo(400), nil, dayOf("2026-10-23"), nil, cost.SeatActive},
		{"seen the day before", daysAgo(400), nil, dayOf("2026-10-22"), nil, cost.SeatIdle},
		{"seen in the reports long before the seat's activity", daysAgo(400), daysAgo(1), dayOf("2026-08-01"), nil, cost.SeatActive},
		{"seen today", daysAgo(400), nil, dayOf("2026-11-22"), nil, cost.SeatActive},
		{"seen long ago, new seat", daysAgo(5), nil, dayOf("2026-08-01"), nil, cost.SeatActive},

		{"no activity, given today", daysAgo(0), nil, nil, nil, cost.SeatNeverUsed},
		{"no activity, given 31 days ago", daysAgo(31), nil, nil, nil, cost.SeatNeverUsed},
		{"no activity, a second short of 90 days", daysAgo(90 - instant), nil, nil, nil, cost.SeatNeverUsed},
		{"no activity in 90 days", daysAgo(90), nil, nil, nil, cost.SeatUnknown},
		{"no activity in years", daysAgo(900), nil, nil, nil, cost.SeatUnknown},
		{"no activity, age unknown", nil, nil, nil, nil, cost.SeatUnknown},
		{"no activity, given tomorrow by another clock", daysAgo(-1), nil, nil, nil, cost.SeatNeverUsed},

		{"leaving, active", daysAgo(400), daysAgo(1), nil, dayOf("2026-12-01"), cost.SeatPendingCancellation},
		{"leaving, idle", daysAgo(400), daysAgo(60), nil, dayOf("2026-12-01"), cost.SeatPendingCancellation},
		{"leaving, never used", daysAgo(5), nil, nil, dayOf("2026-11-22"), cost.SeatPendingCancellation},
		{"leaving, seen in the reports", daysAgo(400), nil, dayOf("2026-11-21"), dayOf("2026-12-01"), cost.SeatPendingCancellation},
	} {
		t.Run(test.name, func(t *testing.T) {
			seat := cost.Seat{UserID: person(1), CreatedAt: test.created, LastActivityAt: test.active, PendingCancellation: test.leaves}
			if got := seat.Status(now, 30, test.usage); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			elsewhere := now.In(time.FixedZone("elsewhere", -9*3600))
			if got := seat.Status(elsewhere, 30, test.usage); got != test.want {
				t.Errorf("%s by a clock elsewhere, want %s", got, test.want)
			}
		})
	}
}

func TestIdlenessFollowsItsSetting(t *testing.T) {
	seat := cost.Seat{CreatedAt: daysAgo(400), LastActivityAt: daysAgo(50)}
	for days, want := range map[int]cost.SeatStatus{1: cost.SeatIdle, 49: cost.SeatIdle, 50: cost.SeatActive, 365: cost.SeatActive} {
		if got := seat.Status(now, days, nil); got != want {
			t.Errorf("idle after %d days: %s, want %s", days, got, want)
		}
	}
	neverUsed := cost.Seat{CreatedAt: daysAgo(5)}
	for _, days := range []int{1, 5, 30, 365} {
		if got := neverUsed.Status(now, days, nil); got != cost.SeatNeverUsed {
			t.Errorf("idle after %d days: a seat without activity is %s", days, got)
		}
	}
}

func TestIdlenessDoesNotDependOnSummerTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	afterTheChange := time.Date(2026, 10, 26, 9, 0, 0, 0, berlin)
	active := afterTheChange.UTC().AddDate(0, 0, -2)
	seat := cost.Seat{CreatedAt: daysAgo(400), LastActivityAt: &active}
	if got := seat.Status(afterTheChange, 2, nil); got != cost.SeatActive {
		t.Errorf("active exactly two days ago, it is %s", got)
	}
	active = active.Add(-time.Minute)
	if got := seat.Status(afterTheChange, 2, nil); got != cost.SeatIdle {
		t.Errorf("active over two days ago, it is %s", got)
	}
}
