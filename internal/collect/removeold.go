package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// removeOld removes people from days that have become too old, and reports whether days are left for another run. It goes on at the mark
// in the connector, which it moves at least once a month of days. If it fails, the task is repeated, or the next poll goes on.
func (c Collector) removeOld(ctx context.Context, conn *connector.Connector, began time.Time, p *pace) (left bool, err error) {
	today := calendar.DateOf(began)
	from, ok := conn.PeopleKeptFrom(today, c.KeepPeopleDays)
	next := firstKept(conn)
	if conn.PeopleRemoved != nil {
		next = *conn.PeopleRemoved + 1
	}
	for ok && next < from {
		days, err := c.removeFrom(ctx, conn, calendar.Range{From: next, To: min(from-1, next.EndOfMonth())}, p)
		if err == nil && days.To < days.From {
			return true, nil
		}
		if err == nil {
			err = c.removedFrom(ctx, conn, days, today)
		}
		if err != nil {
			return false, err
		}
		next = days.To + 1
	}
	return false, nil
}

// removeFrom removes people from days while there is time. It returns the days that it came to.
func (c Collector) removeFrom(ctx context.Context, conn *connector.Connector, days calendar.Range, p *pace) (calendar.Range, error) {
	done := calendar.Range{From: days.From, To: days.From - 1}
	for done.To < days.To && p.begins() {
		if err := c.Store.RemovePeople(ctx, conn.Ref, done.To+1); err != nil {
			return done, err
		}
		done.To++
	}
	return done, nil
}

// removedFrom renews what was made from the people of days, and moves the mark.
func (c Collector) removedFrom(ctx context.Context, conn *connector.Connector, days calendar.Range, today calendar.Date) error {
	if err := c.Store.TidyActive(ctx, conn.Ref, days, today.FirstOfMonth()); err != nil {
		return err
	}
	c.keepMonths(ctx, conn, days)
	_, err := c.Store.Change(ctx, conn.Ref, func(conn *connector.Connector) error {
		conn.PeopleRemoved = new(days.To)
		return nil
	})
	return err
}

// keepMonths makes the values of teams and seats again that a removal has deleted, because no later poll makes those of teams, or of
// months that are long over. A failure does no harm: readers can use the days instead, which takes longer. So it does not hold up the removal. The snapshots of the
// days may count for the months beside them too.
func (c Collector) keepMonths(ctx context.Context, conn *connector.Connector, days calendar.Range) {
	days = cost.Period{From: days.From, To: days.To, Over: true}.Snapshots()
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		c.noteKept(ctx, conn, c.Store.KeepTeams(ctx, conn.Ref, month))
		c.noteKept(ctx, conn, c.Store.KeepTenures(ctx, conn.Ref, month))
	}
}
