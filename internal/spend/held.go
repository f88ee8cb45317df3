package spend

import (
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// remembered is how many days back the usage reports are searched for the use of a seat.
const remembered = 366

// lastUse is what the usage reports tell about the use of seats at an instant.
type lastUse struct {
	last   *activity.LastUse
	days   []metrics.Day // the days that decide whether a seat is idle
	whole  bool
	from   calendar.Date // the first day that was searched
	to     calendar.Date
	oldest calendar.Date // the first day that could be searched
	before *lastUse      // what an earlier search found, on the days before from; nil: nothing
	err    error
}

// older reports whether there are days before those that were searched.
func (u *lastUse) older() bool { return u.from > u.oldest }

// lastUse searches all reports.
func (r Reader) lastUse(ctx context.Context, c *connector.Connector, asOf time.Time) lastUse {
	return r.useSince(ctx, c, asOf, oldest(c, asOf))
}

// recentUse searches the days that decide whether a seat is idle or was never used, which cost the same. Only earlier days tell these two
// apart. It searches one more day, because the end of that day may be exactly idleAfterDays ago.
func (r Reader) recentUse(ctx context.Context, c *connector.Connector, asOf time.Time) lastUse {
	return r.useSince(ctx, c, asOf, max(oldest(c, asOf), idleSince(c, asOf)-1))
}

// idleSince returns the first of the days that decide whether a seat is idle.
func idleSince(c *connector.Connector, asOf time.Time) calendar.Date {
	return calendar.DateOf(asOf) - calendar.Date(c.IdleAfterDays)
}

// oldest returns the first day that has reports.
func oldest(c *connector.Connector, asOf time.Time) calendar.Date {
	since := idleSince(c, asOf)
	if c.FirstDay == nil {
		return since
	}
	return min(since, max(*c.FirstDay, calendar.DateOf(asOf)-remembered+1))
}

func (r Reader) useSince(ctx context.Context, c *connector.Connector, asOf time.Time, from calendar.Date) lastUse {
	u := lastUse{from: from, to: calendar.DateOf(asOf), oldest: oldest(c, asOf)}
	u.last, u.days, u.whole, u.err = r.Days.LastUse(ctx, c, calendar.Range{From: from, To: u.to}, c.IdleAfterDays+1)
	return u
}

// of returns the seats of a snapshot, one for each person, and the view by which they are judged.
func (u *lastUse) of(c *connector.Connector, snapshot *seat.Snapshot) ([]seat.Seat, seat.View) {
	held := seat.OnePerPerson(snapshot.Seats, calendar.DateOf(snapshot.AsOf))
	ids := make([]int64, 0, len(held))
	for i := range held {
		if id := held[i].UserID; id != nil {
			ids = append(ids, *id)
		}
	}
	slices.Sort(ids)
	last, before := u.last.Of(ids), map[int64]calendar.Date{}
	if u.before != nil {
		before = u.before.last.Of(ids)
	}
	return held, seat.View{At: snapshot.AsOf, IdleAfterDays: c.IdleAfterDays, Reported: seat.Reported{
		Read:  c.Capabilities.Users == access.OK || slices.ContainsFunc(u.days, tellsPeople),
		Whole: u.whole && allThere(u.days),
		LastUsed: func(userID int64) (calendar.Date, bool) {
			if day, ok := last[userID]; ok {
				return day, true
			}
			day, ok := before[userID]
			return day, ok && day >= u.oldest
		},
	}}
}

// with returns what two searches tell together. ok is false if there are days between them.
func (u *lastUse) with(before *lastUse) (both *lastUse, ok bool) {
	if before.last == nil || before.to+1 < u.from {
		return nil, false
	}
	sum := *u
	sum.before, sum.err = before, before.err
	return &sum, true
}

// judged judges the seats of a snapshot.
func (u *lastUse) judged(c *connector.Connector, snapshot *seat.Snapshot) (seat.Judged, error) {
	if u.err != nil {
		return seat.Judged{}, u.err
	}
	held, view := u.of(c, snapshot)
	return view.JudgeAll(held), nil
}

// tellsPeople reports whether the day's per-user report was read, and names somebody.
func tellsPeople(d metrics.Day) bool {
	return d.EngagedUsers != nil && d.ActiveUsers != nil && *d.ActiveUsers > 0
}

// allThere reports whether each day has a report. It does not count the newest days, for which GitHub has no report yet.
func allThere(days []metrics.Day) bool {
	there := len(days)
	for there > 0 && days[there-1].State == metrics.Pending {
		there--
	}
	return !slices.ContainsFunc(days[:there], func(d metrics.Day) bool {
		return d.State == metrics.Pending || d.State == metrics.Missing
	})
}
