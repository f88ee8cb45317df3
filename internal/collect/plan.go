package collect

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

	// reread is how many days each poll reads even if they are settled, because GitHub may still restate them.
	reread = 4

	// olderAtOnce is how many days one step of the backfill reads.
	olderAtOnce = 14

	// gitHubKeeps is how many days back GitHub has reports.
	gitHubKeeps = 365
)

// historyBegins is the first day of which GitHub has reports. https://docs.github.com/rest/copilot/copilot-usage-metrics
var historyBegins = map[copilot.Scope]calendar.Date{
	copilot.Organization: calendar.MustDate("2025-12-12"),
	copilot.Enterprise:   calendar.MustDate("2025-10-10"),
}

// agenda is what a run must read.
type agenda struct {
	days         []calendar.Date // newest first
	seatsAndCost bool            // true for a poll, false for a step of the backfill
}

// pollDay returns the day of the poll to which a task belongs. If the schedule is ahead of the clock, the clock decides, because nobody
// can read reports of future days.
func pollDay(task connector.Task, today calendar.Date) calendar.Date {
	return min(calendar.DateOf(task.ScheduledFor), today)
}

// span returns the days that a task reads if they are not settled. It is empty (From after To) for a task that names its days.
func span(c *connector.Connector, task connector.Task, today calendar.Date) calendar.Range {
	oldest := max(historyBegins[c.Scope], today-gitHubKeeps)
	switch task.Reason {
	case connector.ReasonResume:
		return calendar.Range{From: 1, To: 0}
	case connector.ReasonOlder:
		return calendar.Range{From: max(c.Backfill.Last, c.Backfill.Next-olderAtOnce+1), To: min(c.Backfill.Next, today-1)}
	case connector.ReasonDaily, connector.ReasonSaved, connector.ReasonAsked, connector.ReasonForget, connector.ReasonDeleted:
	}
	day := pollDay(task, today)
	return calendar.Range{From: max(oldest, day-window), To: day - 1}
}

// plan returns what a task reads. It takes the stored days of the task's span.
func plan(c *connector.Connector, task connector.Task, today calendar.Date, stored []ledger.Day) agenda {
	days := span(c, task, today)
	switch task.Reason {
	case connector.ReasonResume:
		return agenda{days: slices.DeleteFunc(slices.Clone(task.Days), func(date calendar.Date) bool { return date >= today })}
	case connector.ReasonOlder:
		return agenda{days: unsettled(days, stored, 0)}
	case connector.ReasonDaily, connector.ReasonSaved, connector.ReasonAsked, connector.ReasonForget, connector.ReasonDeleted:
	}
	dates := unsettled(days, stored, reread)
	// A settled day of the span may still wait for a retry, if a run has read it and crashed before it recorded that.
	for _, retry := range slices.Backward(c.Retries) {
		if retry.Due <= pollDay(task, today) && !slices.Contains(dates, retry.Date) {
			dates = append(dates, retry.Date)
		}
	}
	return agenda{days: dates, seatsAndCost: true}
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
