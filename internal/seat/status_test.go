package seat_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// second is a second in days.
const second = 1.0 / (24 * 3600)

// viewed returns a view at now. The reports say that each person was last active on used; nil: never.
func viewed(idleAfterDays int, used *calendar.Date, whole bool) seat.View {
	return seat.View{At: now, IdleAfterDays: idleAfterDays, Reported: seat.Reported{
		Read: used != nil, Whole: whole,
		LastUsed: func(int64) (calendar.Date, bool) {
			if used == nil {
				return 0, false
			}
			return *used, true
		},
	}}
}

func TestTheStatusOfASeat(t *testing.T) {
	const bySeat, byUsage = seat.FromSeat, seat.FromUsage
	type evidence struct {
		from seat.Source // "" means null
		day  string      // "" means null
		idle int         // -1 means null
	}
	nothing := evidence{idle: -1}
	for _, test := range []struct {
		name            string
		created, active *time.Time
		usage           *calendar.Date
		leaves          *calendar.Date
		idleAfter       int
		whole           bool
		want            seat.Status
		evidence        evidence
	}{
		{"active today", daysAgo(400), daysAgo(0.1), nil, nil, 30, false, seat.Active, evidence{bySeat, "2026-11-22", -1}},
		{"active exactly 30 days ago", daysAgo(400), daysAgo(30), nil, nil, 30, false, seat.Active, evidence{bySeat, "2026-10-23", -1}},
		{"active a second longer ago", daysAgo(400), daysAgo(30 + second), nil, nil, 30, false, seat.Idle, evidence{bySeat, "2026-10-23", 30}},
		{"a second short of 31 days", daysAgo(400), daysAgo(31 - second), nil, nil, 30, false, seat.Idle, evidence{bySeat, "2026-10-22", 30}},
		{"exactly 31 days", daysAgo(400), daysAgo(31), nil, nil, 30, false, seat.Idle, evidence{bySeat, "2026-10-22", 31}},
		{"inactive for 642 days", daysAgo(700), daysAgo(642), nil, nil, 30, false, seat.Idle, evidence{bySeat, "2025-02-18", 642}},
		{"active long ago, age unknown", nil, daysAgo(31), nil, nil, 30, false, seat.Idle, evidence{bySeat, "2026-10-22", 31}},
		{"active lately, age unknown", nil, daysAgo(29), nil, nil, 30, false, seat.Active, evidence{bySeat, "2026-10-24", -1}},
		{"active tomorrow by another clock", daysAgo(400), daysAgo(-1), nil, nil, 30, false, seat.Active, evidence{bySeat, "2026-11-23", -1}},

		{"given today", daysAgo(0), nil, nil, nil, 30, false, seat.New, nothing},
		{"given two days ago", daysAgo(2), nil, nil, nil, 30, false, seat.New, nothing},
		{"given tomorrow by another clock", daysAgo(-1), nil, nil, nil, 30, false, seat.New, nothing},
		{"new, active before it was given", daysAgo(29), daysAgo(60), nil, nil, 30, false, seat.New, evidence{bySeat, "2026-09-23", -1}},
		{"new, seen in the reports before", daysAgo(5), nil, dayOf("2026-08-01"), nil, 30, false, seat.New, evidence{byUsage, "2026-08-01", -1}},
		{"new, active", daysAgo(5), daysAgo(1), nil, nil, 30, false, seat.Active, evidence{bySeat, "2026-11-21", -1}},
		{"new, active shortly before it was assigned again", daysAgo(2), daysAgo(3), nil, nil, 30, false, seat.Active, evidence{bySeat, "2026-11-19", -1}},
		{"new by a second", daysAgo(30 - second), nil, nil, nil, 30, false, seat.New, nothing},
		{"no longer new by a second", daysAgo(30), nil, nil, nil, 30, false, seat.NeverUsed, evidence{idle: 30}},
		{"no longer new by a second, active before", daysAgo(30), daysAgo(60), nil, nil, 30, false, seat.Idle, evidence{bySeat, "2026-09-23", 60}},

		{"a second short of 90 days", daysAgo(90 - second), nil, nil, nil, 30, false, seat.NeverUsed, evidence{idle: 89}},
		{"90 days, which GitHub remembers", daysAgo(90), nil, nil, nil, 30, false, seat.Idle, evidence{idle: 90}},
		{"1,019 days", daysAgo(1019), nil, nil, nil, 30, false, seat.Idle, evidence{idle: 90}},
		{"age unknown", nil, nil, nil, nil, 30, true, seat.Unknown, nothing},

		{"idle after 90 days, a second short", daysAgo(90 - second), nil, nil, nil, 90, false, seat.New, nothing},
		{"idle after 90 days, exactly", daysAgo(90), nil, nil, nil, 90, false, seat.Idle, evidence{idle: 90}},
		{"idle after 91 days, 90 old", daysAgo(90), nil, nil, nil, 91, false, seat.New, nothing},
		{"idle after 91 days, exactly", daysAgo(91), nil, nil, nil, 91, false, seat.Unknown, nothing},
		{"idle after 91 days, all reports there", daysAgo(91), nil, nil, nil, 91, true, seat.Idle, evidence{idle: 91}},
		{"idle after 365 days, older", daysAgo(400), nil, nil, nil, 365, false, seat.Unknown, nothing},
		{"idle after 365 days, all reports there", daysAgo(400), nil, nil, nil, 365, true, seat.Idle, evidence{idle: 365}},
		{"idle after 365 days, last seen earlier", daysAgo(400), nil, dayOf("2025-11-20"), nil, 365, false, seat.Idle, evidence{byUsage, "2025-11-20", 366}},
		{"idle after a day", daysAgo(1), nil, nil, nil, 1, false, seat.NeverUsed, evidence{idle: 1}},

		{"idle by seat, seen in the reports", daysAgo(400), daysAgo(80), dayOf("2026-11-20"), nil, 30, false, seat.Active, evidence{byUsage, "2026-11-20", -1}},
		{"seen on the last day that counts", daysAgo(400), nil, dayOf("2026-10-23"), nil, 30, false, seat.Active, evidence{byUsage, "2026-10-23", -1}},
		{"seen the day before", daysAgo(400), nil, dayOf("2026-10-22"), nil, 30, false, seat.Idle, evidence{byUsage, "2026-10-22", 30}},
		{"seen in the reports long before the seat's activity", daysAgo(400), daysAgo(1), dayOf("2026-08-01"), nil, 30, false, seat.Active, evidence{bySeat, "2026-11-21", -1}},
		{"on the same day by both", daysAgo(400), daysAgo(40), dayOf("2026-10-13"), nil, 30, false, seat.Idle, evidence{bySeat, "2026-10-13", 39}},
		{"seen today", daysAgo(400), nil, dayOf("2026-11-22"), nil, 30, false, seat.Active, evidence{byUsage, "2026-11-22", -1}},

		{"leaving, active", daysAgo(400), daysAgo(1.5), nil, dayOf("2026-12-01"), 30, false, seat.PendingCancellation, evidence{bySeat, "2026-11-20", 1}},
		{"leaving, idle", daysAgo(400), daysAgo(60), nil, dayOf("2026-12-01"), 30, false, seat.PendingCancellation, evidence{bySeat, "2026-09-23", 60}},
		{"leaving, never used", daysAgo(40), nil, nil, dayOf("2026-11-22"), 30, false, seat.PendingCancellation, evidence{idle: 40}},
		{"leaving, seen in the reports", daysAgo(400), nil, dayOf("2026-11-22"), dayOf("2026-12-01"), 30, false, seat.PendingCancellation, evidence{byUsage, "2026-11-22", 0}},
		{"leaving, active in two days by another clock", daysAgo(400), daysAgo(-2), nil, dayOf("2026-12-01"), 30, false, seat.PendingCancellation, evidence{bySeat, "2026-11-24", 0}},
		{"leaving, given in two days by another clock", daysAgo(-2), nil, nil, dayOf("2026-12-01"), 30, false, seat.PendingCancellation, evidence{idle: 0}},
		{"leaving, 90 days old, idle after 91", daysAgo(90), nil, nil, dayOf("2026-12-01"), 91, false, seat.PendingCancellation, nothing},
		{"leaving, idle after 365 days, older", daysAgo(400), nil, nil, dayOf("2026-12-01"), 365, false, seat.PendingCancellation, nothing},
		{"leaving, of unknown age", nil, nil, nil, dayOf("2026-12-01"), 30, false, seat.PendingCancellation, nothing},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			held := seat.Seat{UserID: person(1), CreatedAt: test.created, LastActivityAt: test.active, PendingCancellation: test.leaves}
			want := seat.Evidence{Status: test.want}
			if test.evidence.from != "" {
				want.ActivityFrom, want.LastActiveDay = &test.evidence.from, dayOf(test.evidence.day)
			}
			if test.evidence.idle >= 0 {
				want.IdleDays = &test.evidence.idle
			}
			view := viewed(test.idleAfter, test.usage, test.whole)
			if diff := cmp.Diff(want, view.Judge(&held)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			view.At = now.In(time.FixedZone("elsewhere", -9*3600))
			if diff := cmp.Diff(want, view.Judge(&held)); diff != "" {
				t.Errorf("by a clock in another time zone (-want +got):\n%s", diff)
			}
		})
	}
}

// The documented table, row by row, for seats of any age and inactivity, around every boundary.
func TestTheFirstMatchingRowOfTheTableGivesTheStatus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		idleAfter := rapid.OneOf(rapid.SampledFrom([]int{1, 30, 89, 90, 91, 365}), rapid.IntRange(1, 365)).Draw(t, "idle after")
		seconds := rapid.Map(rapid.OneOf(
			rapid.Custom(func(t *rapid.T) int {
				return rapid.SampledFrom([]int{0, idleAfter, 90}).Draw(t, "boundary")*86400 + rapid.IntRange(-1, 1).Draw(t, "beside")
			}),
			rapid.IntRange(-86400, 500*86400),
		), func(n int) time.Duration { return time.Duration(n) * time.Second })
		age, silent := rapid.Ptr(seconds, true).Draw(t, "age"), rapid.Ptr(seconds, true).Draw(t, "silent")
		whole, leaves := rapid.Bool().Draw(t, "all reports there"), rapid.Bool().Draw(t, "leaves")
		held := seat.Seat{UserID: person(1)}
		if age != nil {
			held.CreatedAt = new(now.Add(-*age))
		}
		if silent != nil {
			held.LastActivityAt = new(now.Add(-*silent))
		}
		if leaves {
			held.PendingCancellation = new(today + 1)
		}
		const day = 24 * time.Hour
		limit := time.Duration(idleAfter) * day
		want := seat.Unknown
		switch {
		case leaves:
			want = seat.PendingCancellation
		case silent != nil && *silent <= limit:
			want = seat.Active
		case age != nil && *age < limit:
			want = seat.New
		case silent != nil:
			want = seat.Idle
		case age != nil && *age < 90*day:
			want = seat.NeverUsed
		case age != nil && (idleAfter <= 90 || whole):
			want = seat.Idle
		}
		e := viewed(idleAfter, nil, whole).Judge(&held)
		if e.Status != want {
			t.Errorf("the status is %s, want %s", e.Status, want)
		}
		switch {
		case want == seat.Active || want == seat.New || want == seat.Unknown:
			if e.IdleDays != nil {
				t.Errorf("the status is %s, but the seat has %d idle days", want, *e.IdleDays)
			}
		case want == seat.PendingCancellation: // the seat may be in use
		case e.IdleDays == nil || *e.IdleDays < idleAfter:
			t.Errorf("the status is %s with idleAfterDays %d, but the seat has %v idle days", want, idleAfter, e.IdleDays)
		}
		if (e.LastActiveDay == nil) != (silent == nil) || (e.ActivityFrom == nil) != (silent == nil) {
			t.Errorf("last active on %v, source %v", e.LastActiveDay, e.ActivityFrom)
		}
	})
}

func TestIdlenessDoesNotDependOnSummerTime(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	afterTheChange := time.Date(2026, 10, 26, 9, 0, 0, 0, berlin)
	active := afterTheChange.UTC().AddDate(0, 0, -2)
	held := seat.Seat{CreatedAt: daysAgo(400), LastActivityAt: &active}
	view := seat.View{At: afterTheChange, IdleAfterDays: 2}
	if got := view.Judge(&held).Status; got != seat.Active {
		t.Errorf("active exactly two days ago, the seat is %s", got)
	}
	active = active.Add(-time.Minute)
	if got := view.Judge(&held).Status; got != seat.Idle {
		t.Errorf("active over two days ago, the seat is %s", got)
	}
}

func TestWhichSeatsNeedAnEarlierUseToBeIdle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seat seat.Seat
		want bool
	}{
		"active since":                 {seat.Seat{UserID: person(1), LastActivityAt: daysAgo(30)}, false},
		"active a day before":          {seat.Seat{UserID: person(1), LastActivityAt: daysAgo(31)}, false},
		"never active, old":            {seat.Seat{UserID: person(1), CreatedAt: daysAgo(400)}, false},
		"never active, young":          {seat.Seat{UserID: person(1), CreatedAt: daysAgo(40)}, false},
		"new":                          {seat.Seat{UserID: person(1), CreatedAt: daysAgo(1)}, false},
		"without a date of assignment": {seat.Seat{UserID: person(1)}, true},
		"without a person":             {seat.Seat{}, false},
		"leaving":                      {seat.Seat{UserID: person(1), PendingCancellation: dayOf("2026-12-01")}, false},
	} {
		if got := viewed(30, nil, false).JudgeAll([]seat.Seat{test.seat}).Any(seat.Unknown); got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}
