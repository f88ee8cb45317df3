package collect

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

const (
	// window is how far back each poll looks for days that are not settled.
	window = 28

	// reread is how many days each poll reads in any case, settled or not: GitHub may still restate them.
	reread = 4

	// olderAtOnce is how many days one step of the backfill reads.
	olderAtOnce = 14

	// gitHubKeeps is how many days back GitHub has reports at most.
	gitHubKeeps = 365
)

// historyBegins is the first day of which GitHub has reports. https://docs.github.com/rest/copilot/copilot-usage-metrics
var historyBegins = map[copilot.Scope]calendar.Date{
	copilot.Organization: mustDate("2025-12-12"),
	copilot.Enterprise:   mustDate("2025-10-10"),
}

func mustDate(s string) calendar.Date {
	date, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return date
}

// NewBackfill is the reading of every day that GitHub still has and that the first poll does not look at.
func NewBackfill(scope copilot.Scope, saved calendar.Date) *connector.Backfill {
	return backfill(saved-1-window, max(historyBegins[scope], saved-gitHubKeeps))
}

func backfill(next, last calendar.Date) *connector.Backfill {
	if next < last {
		return nil
	}
	return &connector.Backfill{Next: next, Last: last}
}

// plan lists the days to be read, newest first.
func (r *run) plan(ctx context.Context) ([]calendar.Date, error) {
	switch r.task.Reason {
	case connector.ReasonResume:
		return r.task.Days, nil
	case connector.ReasonOlder:
		next, last := r.conn.Backfill.Next, r.conn.Backfill.Last
		return r.unsettled(ctx, calendar.Range{From: max(last, next-olderAtOnce+1), To: next}, 0)
	}
	scheduled := calendar.DateOf(r.task.ScheduledFor)
	dates, err := r.unsettled(ctx, calendar.Range{From: scheduled - window, To: scheduled - 1}, reread)
	if err != nil {
		return nil, err
	}
	for _, date := range slices.Backward(r.conn.Unread) {
		if date < scheduled-window {
			dates = append(dates, date)
		}
	}
	return dates, nil
}

// unsettled lists the days of a range that are not settled, and the newest in any case, newest first.
func (r *run) unsettled(ctx context.Context, days calendar.Range, newest int) ([]calendar.Date, error) {
	stored, err := r.Store.Days(ctx, r.conn.Ref, days)
	if err != nil {
		return nil, err
	}
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
	return dates, nil
}

// progressed moves the backfill on behind the days that this run has looked at, and begins it anew where no poll has
// looked for longer than the window: what lies between would be lost.
func (r *run) progressed(c *connector.Connector) *connector.Backfill {
	before := c.Backfill
	if r.task.Reason == connector.ReasonOlder {
		if before == nil || before.Next != r.conn.Backfill.Next {
			return before // it was moved on, or begun anew, meanwhile
		}
		after := backfill(before.Next-olderAtOnce, before.Last)
		if after != nil {
			after.SteppedAt = r.began
		}
		return after
	}
	first := calendar.DateOf(r.task.ScheduledFor) - window
	next, last := first-1, calendar.DateOf(c.CreatedAt)-window // where no poll has looked yet
	switch looked := c.LookedThrough; {
	case looked == nil && before != nil:
		return backfill(max(next, before.Next), before.Last)
	case looked != nil && *looked >= next:
		return before
	case looked != nil:
		last = *looked - window + 1 // the oldest that may not have been settled then
	}
	if before != nil {
		last = min(last, before.Last)
	}
	return backfill(next, last)
}
