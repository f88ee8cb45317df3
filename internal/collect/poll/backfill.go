package poll

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// NewBackfill returns the backfill of a new connector: every day that GitHub still has and that the first poll does not read.
func NewBackfill(scope copilot.Scope, saved calendar.Date) *connector.Backfill {
	return backfill(saved-1-window, max(HistoryBegins[scope], saved-gitHubKeeps))
}

func backfill(next, last calendar.Date) *connector.Backfill {
	if next < last {
		return nil
	}
	return &connector.Backfill{Next: next, Last: last}
}

// progressed returns the backfill after a run that has read all its days. It moves on to older days. If no poll has read days for
// longer than the window, it begins anew, because the days in between would be lost.
func progressed(c *connector.Connector, r Reading) *connector.Backfill {
	before := c.Backfill
	if r.Task.Reason == connector.ReasonOlder {
		if before == nil || r.Conn.Backfill == nil || before.Next != r.Conn.Backfill.Next {
			return before // another run has moved it on, or begun it anew, in the meantime
		}
		after := backfill(before.Next-olderAtOnce, before.Last)
		if after != nil {
			after.SteppedAt = r.Began
		}
		return after
	}
	day := DayOf(r.Task, calendar.DateOf(r.Began))
	next, last := day-window-1, calendar.DateOf(c.CreatedAt)-window // days that no poll has read
	switch looked := c.LookedThrough; {
	case looked == nil && before != nil:
		return backfill(max(next, before.Next), before.Last)
	case looked != nil && *looked >= next:
		return before
	case looked != nil:
		last = *looked - window + 1 // the oldest day that may not have been settled then
	}
	if before != nil {
		last = min(last, before.Last)
	}
	return backfill(next, max(last, HistoryBegins[c.Scope], day-gitHubKeeps))
}
