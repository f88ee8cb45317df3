package poll

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

const (
	// window is how far back each poll looks for days that are not settled.
	window = 28

	// Reread is how many days each poll reads even if they are settled, because GitHub may still restate them.
	Reread = 4

	// olderAtOnce is how many days one step of the backfill reads.
	olderAtOnce = 14

	// gitHubKeeps is how many days back GitHub has reports.
	gitHubKeeps = 365
)

// HistoryBegins is the first day of which GitHub has reports. https://docs.github.com/rest/copilot/copilot-usage-metrics
var HistoryBegins = map[copilot.Scope]calendar.Date{
	copilot.Organization: calendar.MustDate("2025-12-12"),
	copilot.Enterprise:   calendar.MustDate("2025-10-10"),
}

// Agenda is what a run must read.
type Agenda struct {
	Days         []calendar.Date // newest first
	SeatsAndCost bool            // true for a poll, false for a step of the backfill
}

// DayOf returns the day of the poll to which a task belongs. If the schedule is ahead of the clock, the clock decides, because nobody
// can read reports of future days.
func DayOf(task connector.Task, today calendar.Date) calendar.Date {
	return min(calendar.DateOf(task.ScheduledFor), today)
}

// Span returns the days that a task reads if they are not settled. It is empty (From after To) for a task that names its days.
func Span(c *connector.Connector, task connector.Task, today calendar.Date) calendar.Range {
	oldest := max(HistoryBegins[c.Scope], today-gitHubKeeps)
	switch task.Reason {
	case connector.ReasonResume:
		return calendar.Range{From: 1, To: 0}
	case connector.ReasonOlder:
		return calendar.Range{From: max(c.Backfill.Last, c.Backfill.Next-olderAtOnce+1), To: min(c.Backfill.Next, today-1)}
	case connector.ReasonDaily, connector.ReasonSaved, connector.ReasonAsked, connector.ReasonForget, connector.ReasonDeleted:
	}
	day := DayOf(task, today)
	return calendar.Range{From: max(oldest, day-window), To: day - 1}
}

// Plan returns what a task reads. It takes the stored days of the task's span.
func Plan(c *connector.Connector, task connector.Task, today calendar.Date, stored []ledger.Day) Agenda {
	days := Span(c, task, today)
	switch task.Reason {
	case connector.ReasonResume:
		return Agenda{Days: slices.DeleteFunc(slices.Clone(task.Days), func(date calendar.Date) bool { return date >= today })}
	case connector.ReasonOlder:
		return Agenda{Days: unsettled(days, stored, 0)}
	case connector.ReasonDaily, connector.ReasonSaved, connector.ReasonAsked, connector.ReasonForget, connector.ReasonDeleted:
	}
	dates := unsettled(days, stored, Reread)
	// A settled day of the span may still wait for a retry, if a run has read it and crashed before it recorded that.
	for _, retry := range slices.Backward(c.Retries) {
		if retry.Due <= DayOf(task, today) && !slices.Contains(dates, retry.Date) {
			dates = append(dates, retry.Date)
		}
	}
	return Agenda{Days: dates, SeatsAndCost: true}
}

// unsettled returns the newest days of a range and the days that are not settled, newest first.
func unsettled(days calendar.Range, stored []ledger.Day, newest int) []calendar.Date {
	settled := map[calendar.Date]bool{}
	for _, day := range stored {
		settled[day.Date] = day.Settled
	}
	var dates []calendar.Date
	for _, date := range slices.Backward(days.Days()) {
		if !settled[date] || date > days.To-calendar.Date(newest) {
			dates = append(dates, date)
		}
	}
	return dates
}
