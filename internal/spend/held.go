package spend

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// The usage reports tell of the use of a seat as far back as a range goes. Of those older than makes a seat idle, some
// days are read at a time.
const (
	remembered  = 366
	olderAtOnce = 28
)

// held returns the seats of a snapshot, and how they are looked at: with the usage reports as far back as makes a seat idle,
// and further as long as that could tell more of one.
func (r Reader) held(ctx context.Context, c *connector.Connector, snapshot *seat.Snapshot) ([]seat.Seat, seat.View, error) {
	view := seat.View{At: snapshot.AsOf, IdleAfterDays: c.IdleAfterDays}
	day := calendar.DateOf(snapshot.AsOf)
	seats := seat.OnePerPerson(snapshot.Seats, day)
	days := calendar.Range{From: day - calendar.Date(c.IdleAfterDays), To: day}
	list, people, whole, err := r.Days.Range(ctx, c, days)
	if err != nil {
		return nil, view, err
	}
	view.Usage = seat.Usage{
		Read:     c.Capabilities.Users == access.OK || slices.ContainsFunc(list, tellsPeople),
		Whole:    whole && allThere(list),
		LastUsed: people.LastActive,
	}
	oldest := days.From
	if c.FirstDay != nil {
		oldest = max(*c.FirstDay, day-remembered+1)
	}
	for days.From > oldest && view.Undecided(seats, days.From) {
		days = calendar.Range{From: max(oldest, days.From-olderAtOnce), To: days.From - 1}
		_, older, _, err := r.Days.Range(ctx, c, days)
		if err != nil {
			return nil, view, err
		}
		people.Merge(older)
	}
	return seats, view, nil
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
