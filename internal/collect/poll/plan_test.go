package poll

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// today is the clock's day in these tables.
var today = calendar.MustDate("2026-11-22")

// between lists the days from newest to oldest.
func between(newest, oldest calendar.Date) (dates []calendar.Date) {
	for date := newest; date >= oldest; date-- {
		dates = append(dates, date)
	}
	return dates
}

// settledDays returns days that are stored and need not be read again.
func settledDays(newest, oldest calendar.Date) (days []ledger.Day) {
	for _, date := range between(newest, oldest) {
		days = append(days, ledger.Day{Day: metrics.Day{Date: date}, Settled: true})
	}
	return days
}

func TestWhatARunMustRead(t *testing.T) {
	t.Parallel()
	at := func(date calendar.Date) time.Time { return date.Start().Add(6 * time.Hour) }
	retry := func(date, due calendar.Date) connector.Retry {
		return connector.Retry{Date: date, Reason: connector.RetryUnreadable, Tries: 1, Due: due}
	}
	for _, test := range []struct {
		name         string
		task         connector.Task
		backfill     *connector.Backfill
		retries      []connector.Retry
		stored       []ledger.Day
		days         []calendar.Date
		seatsAndCost bool
	}{
		{
			name: "a new connector", task: connector.Task{Reason: connector.ReasonSaved, ScheduledFor: at(today)},
			days: between(today-1, today-28), seatsAndCost: true,
		},
		{
			name: "all older days are settled", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: at(today)},
			stored: settledDays(today-1, today-28), days: between(today-1, today-4), seatsAndCost: true,
		},
		{
			name: "one older day is not settled", task: connector.Task{Reason: connector.ReasonAsked, ScheduledFor: at(today)},
			stored: append(settledDays(today-1, today-9), settledDays(today-11, today-28)...),
			days:   append(between(today-1, today-4), today-10), seatsAndCost: true,
		},
		{
			name: "a task that comes days late", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: at(today - 2)},
			days: between(today-3, today-30), seatsAndCost: true,
		},
		{
			name: "a schedule ahead of the clock", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: at(today + 5)},
			days: between(today-1, today-28), seatsAndCost: true,
		},
		{
			name: "a schedule in the year 9999", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)},
			days: between(today-1, today-28), seatsAndCost: true,
		},
		{
			name: "a schedule from before GitHub had reports", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)},
			seatsAndCost: true,
		},
		{
			name: "older days that are due, newest first", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: at(today)},
			stored: settledDays(today-1, today-28), retries: []connector.Retry{retry(today-90, today-1), retry(today-60, today), retry(today-40, today+1)},
			days: append(between(today-1, today-4), today-60, today-90), seatsAndCost: true,
		},
		{
			name: "a day within the window is read once", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: at(today)},
			stored: settledDays(today-1, today-28), retries: []connector.Retry{retry(today-2, today)},
			days: between(today-1, today-4), seatsAndCost: true,
		},
		{
			name: "a settled day during whose reading a run died", task: connector.Task{Reason: connector.ReasonDaily, ScheduledFor: at(today)},
			stored: settledDays(today-1, today-28), retries: []connector.Retry{retry(today-10, today)},
			days: append(between(today-1, today-4), today-10), seatsAndCost: true,
		},
		{
			name: "a step of the backfill", task: connector.Task{Reason: connector.ReasonOlder, ScheduledFor: at(today)},
			backfill: &connector.Backfill{Next: today - 40, Last: today - 300}, stored: settledDays(today-41, today-52),
			days: []calendar.Date{today - 40, today - 53},
		},
		{
			name: "the last step of the backfill", task: connector.Task{Reason: connector.ReasonOlder, ScheduledFor: at(today)},
			backfill: &connector.Backfill{Next: today - 300, Last: today - 302}, days: between(today-300, today-302),
		},
		{
			name: "the days that a run has left", task: connector.Task{Reason: connector.ReasonResume, ScheduledFor: at(today), Days: []calendar.Date{today + 3, today, today - 1, today - 9}},
			days: []calendar.Date{today - 1, today - 9},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &connector.Connector{Account: copilot.Account{Scope: copilot.Organization}}
			c.Backfill, c.Retries = test.backfill, test.retries
			got := Plan(c, test.task, today, test.stored)
			if diff := cmp.Diff(test.days, got.Days); diff != "" {
				t.Errorf("days (-want +got):\n%s", diff)
			}
			if got.SeatsAndCost != test.seatsAndCost {
				t.Errorf("seats and cost: %v", got.SeatsAndCost)
			}
		})
	}
}

// A schedule far from the clock must not make a run ask for a day that is not over, or for more days than the window has.
func FuzzNoDayIsAskedForThatIsNotOver(f *testing.F) {
	f.Add(int64(0), 0)
	f.Add(int64(253402300799), 400)
	f.Add(int64(-62135596800), -400)
	f.Fuzz(func(t *testing.T, scheduled int64, day int) {
		clock := today + calendar.Date(day%100_000)
		c := &connector.Connector{Account: copilot.Account{Scope: copilot.Enterprise}}
		task := connector.Task{Reason: connector.ReasonDaily, ScheduledFor: time.Unix(scheduled%253402300799, 0)}
		got := Plan(c, task, clock, nil)
		if len(got.Days) > window {
			t.Fatalf("%d days", len(got.Days))
		}
		for _, date := range got.Days {
			if date >= clock || date < HistoryBegins[copilot.Enterprise] {
				t.Fatalf("the run asks for %s on %s", date, clock)
			}
		}
	})
}
