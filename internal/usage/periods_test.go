package usage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

func date(t testing.TB, text string) calendar.Date {
	t.Helper()
	date, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

// spans returns the days of each period, and how many people were active in it.
func spans(periods []usage.Period) (list []string) {
	for _, p := range periods {
		text := p.From.String() + ".." + p.To.String()
		if p.Month != "" {
			text = p.Month + ": " + text
		}
		list = append(list, text)
	}
	return list
}

func TestARangeIsDividedIntoMonthsAndWeeks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	days := calendar.Range{From: date(t, "2026-09-30"), To: date(t, "2026-11-02")}
	months, err := w.Months(ctx, w.c, days)
	if diff := cmp.Diff([]string{"2026-09: 2026-09-30..2026-09-30", "2026-10: 2026-10-01..2026-10-31", "2026-11: 2026-11-01..2026-11-02"}, spans(months)); err != nil || diff != "" {
		t.Errorf("%v: months (-want +got):\n%s", err, diff)
	}
	weeks, err := w.Weeks(ctx, w.c, calendar.Range{From: date(t, "2026-11-08"), To: date(t, "2026-11-17")})
	if diff := cmp.Diff([]string{"2026-11-08..2026-11-08", "2026-11-09..2026-11-15", "2026-11-16..2026-11-17"}, spans(weeks)); err != nil || diff != "" {
		t.Errorf("%v: weeks (-want +got):\n%s", err, diff)
	}
}

func TestAPeriodCountsEachPersonOnceAndTheSeatsTheyHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada, bob, cyd := someone(1, "ada", today-3), someone(2, "bob", today-3), someone(3, "cyd", today-3)
	w.put(t, today-9, 2, []metrics.UserDay{ada, bob})
	w.put(t, today-4, 2, []metrics.UserDay{ada, bob})
	w.put(t, today-3, 2, []metrics.UserDay{bob, cyd})
	held := func(people ...int64) (seats []seat.Seat) {
		for _, id := range people {
			seats = append(seats, seat.Seat{UserID: &id, Plan: copilot.PlanBusiness})
		}
		return seats
	}
	for _, story := range []struct {
		name   string
		before func()
		share  *float64
	}{
		{"no list of seats", func() {}, nil},
		{"a list of the week before", func() { w.seats(t, today-9, seat.Snapshot{Seats: held(1)}) }, nil},
		{"two of three seats, one of them granted twice", func() { w.seats(t, today-4, seat.Snapshot{Seats: held(1, 1, 2, 9)}) }, new(0.6667)},
		{"a newer list", func() {
			w.seats(t, today, seat.Snapshot{Seats: append(held(1, 2, 3), seat.Seat{Plan: copilot.PlanBusiness})})
		}, new(0.75)},
		{"seats that are not listed", func() { w.seats(t, today, seat.Snapshot{Seats: held(1), NotListed: 1}) }, nil},
		{"no seats", func() { w.seats(t, today, seat.Snapshot{}) }, nil},
		{"people who are not known", func() { w.seats(t, today, seat.Snapshot{Seats: held(1)}); w.put(t, today-2, 5, nil) }, nil},
	} {
		story.before()
		weeks, err := w.Weeks(ctx, w.c, calendar.Range{From: today - 6, To: today - 1})
		if err != nil || len(weeks) != 1 {
			t.Fatalf("%s: %v, %d weeks", story.name, err, len(weeks))
		}
		if diff := cmp.Diff(story.share, weeks[0].ActiveShareOfSeats); diff != "" {
			t.Errorf("%s (-want +got):\n%s", story.name, diff)
		}
		if known := story.name != "people who are not known"; known != (weeks[0].Totals.ActiveUsers != nil) || known && *weeks[0].Totals.ActiveUsers != 3 {
			t.Errorf("%s: %v people are active", story.name, weeks[0].Totals.ActiveUsers)
		}
	}
}

func TestARangeIsComparedWithTheSameNumberOfDaysBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, today-4, 1, []metrics.UserDay{someone(1, "ada", today-4)})
	w.put(t, today-2, 2, []metrics.UserDay{someone(1, "ada", today-2), someone(2, "bob", today-2)})
	before, err := w.Usage(ctx, w.c, calendar.Range{From: today - 5, To: today - 4})
	if err != nil {
		t.Fatal(err)
	}
	want, err := w.Usage(ctx, w.c, calendar.Range{From: today - 3, To: today - 2})
	if err != nil || want.Previous != nil {
		t.Fatalf("%v: the range before was not requested, and is %+v", err, want.Previous)
	}
	want.Previous = &usage.Previous{From: today - 5, To: today - 4, Totals: before.Totals}
	got, err := w.Compared(ctx, w.c, calendar.Range{From: today - 3, To: today - 2})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// seats stores a snapshot of the seats as read on that day.
func (w *world) seats(t testing.TB, day calendar.Date, snapshot seat.Snapshot) {
	t.Helper()
	snapshot.AsOf = day.Start()
	if err := w.store.PutSeats(ctx, w.c.Ref, day, snapshot); err != nil {
		t.Fatal(err)
	}
}
