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

// remembered is for how many days the usage reports tell of the use of a seat, as far as they were read.
const remembered = 366

// lastUse is what the usage reports tell of the use of seats at an instant.
type lastUse struct {
	last   *activity.LastUse
	days   []metrics.Day // those that make a seat idle
	whole  bool
	from   calendar.Date // the first day that was looked at
	oldest calendar.Date // and could have been
	err    error
}

// older reports whether there are days before those that were looked at.
func (u *lastUse) older() bool { return u.from > u.oldest }

// lastUse reads it as far back as the reports tell.
func (r Reader) lastUse(ctx context.Context, c *connector.Connector, asOf time.Time) lastUse {
	return r.useSince(ctx, c, asOf, oldest(c, asOf))
}

// recentUse reads it as far back as makes a seat idle. What was before tells idle seats from such as were never used, and
// when they were used. A day more is looked at: its end may be just as long ago as a seat may be unused.
func (r Reader) recentUse(ctx context.Context, c *connector.Connector, asOf time.Time) lastUse {
	return r.useSince(ctx, c, asOf, max(oldest(c, asOf), idleSince(c, asOf)-1))
}

// idleSince is the first of the days that make a seat idle.
func idleSince(c *connector.Connector, asOf time.Time) calendar.Date {
	return calendar.DateOf(asOf) - calendar.Date(c.IdleAfterDays)
}

// oldest is the first day of which the reports tell.
func oldest(c *connector.Connector, asOf time.Time) calendar.Date {
	since := idleSince(c, asOf)
	if c.FirstDay == nil {
		return since
	}
	return min(since, max(*c.FirstDay, calendar.DateOf(asOf)-remembered+1))
}

func (r Reader) useSince(ctx context.Context, c *connector.Connector, asOf time.Time, from calendar.Date) lastUse {
	u := lastUse{from: from, oldest: oldest(c, asOf)}
	u.last, u.days, u.whole, u.err = r.Days.LastUse(ctx, c, calendar.Range{From: from, To: calendar.DateOf(asOf)}, c.IdleAfterDays+1)
	return u
}

// of returns the seats of a snapshot, one for each person, and how they are looked at.
func (u *lastUse) of(c *connector.Connector, snapshot *seat.Snapshot) ([]seat.Seat, seat.View) {
	held := seat.OnePerPerson(snapshot.Seats, calendar.DateOf(snapshot.AsOf))
	ids := make([]int64, 0, len(held))
	for i := range held {
		if id := held[i].UserID; id != nil {
			ids = append(ids, *id)
		}
	}
	slices.Sort(ids)
	last := u.last.Of(ids)
	return held, seat.View{At: snapshot.AsOf, IdleAfterDays: c.IdleAfterDays, Usage: seat.Usage{
		Read:  c.Capabilities.Users == access.OK || slices.ContainsFunc(u.days, tellsPeople),
		Whole: u.whole && allThere(u.days),
		LastUsed: func(userID int64) (calendar.Date, bool) {
			day, ok := last[userID]
			return day, ok
		},
	}}
}

// tellsPeople reports whether the day's per-user report was read, and names somebody.
func tellsPeople(d metrics.Day) bool {
	return d.EngagedUsers != nil && d.ActiveUsers != nil && *d.ActiveUsers > 0
}

// allThere reports whether each day has a report, but for the newest, which GitHub still has to give.
func allThere(days []metrics.Day) bool {
	there := len(days)
	for there > 0 && days[there-1].State == metrics.Pending {
		there--
	}
	return !slices.ContainsFunc(days[:there], func(d metrics.Day) bool {
		return d.State == metrics.Pending || d.State == metrics.Missing
	})
}
