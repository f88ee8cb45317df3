package collect

import (
	"context"
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// daysRemovedAtOnce bounds the days from which one run removes people, so that the run ends in time. The next poll continues.
const daysRemovedAtOnce = 92

// removeOld removes people from days that have become too old. If this fails or takes more than one run, the next poll continues at the
// mark in the connector.
func (c Collector) removeOld(ctx context.Context, conn *connector.Connector, began time.Time) {
	today := calendar.DateOf(began)
	from, ok := conn.PeopleKeptFrom(today, c.KeepPeopleDays)
	next := firstKept(conn)
	if conn.PeopleRemoved != nil {
		next = *conn.PeopleRemoved + 1
	}
	last := min(from-1, next+daysRemovedAtOnce-1)
	if !ok || last < next {
		return
	}
	if err := c.removePeople(ctx, conn, calendar.Range{From: next, To: last}, today); err != nil {
		c.Log.WarnContext(ctx, "old people not removed", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
}

func (c Collector) removePeople(ctx context.Context, conn *connector.Connector, days calendar.Range, today calendar.Date) error {
	for _, date := range days.Days() {
		if err := c.Store.RemovePeople(ctx, conn.Ref, date); err != nil {
			return err
		}
	}
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

// keepMonths makes the values of teams and seats again that a removal has deleted, because no later poll reads these months. A failure
// does no harm, because readers can use the days instead, which takes longer. So it does not hold up the removal. The snapshots of the
// days may count for the months beside them too.
func (c Collector) keepMonths(ctx context.Context, conn *connector.Connector, days calendar.Range) {
	days = cost.Period{From: days.From, To: days.To, Over: true}.Snapshots()
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		err := errors.Join(c.Store.KeepTeams(ctx, conn.Ref, month), c.Store.KeepTenures(ctx, conn.Ref, month))
		if err != nil {
			c.Log.WarnContext(ctx, "teams not kept by month", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
		}
	}
}

// firstKept returns the first day whose people can be kept.
func firstKept(conn *connector.Connector) calendar.Date {
	first := calendar.DateOf(conn.CreatedAt)
	if conn.FirstDay != nil {
		first = min(first, *conn.FirstDay)
	}
	return first
}

// leaveOut removes forgotten people from the data of a day before it is stored. The hash of the report and the day's totals include
// them, so that a report that was read before does not look new.
func (r *reader) leaveOut(date calendar.Date, read *metrics.Roster, roster *ledger.PackedPeople, users *ledger.Users) error {
	forgotten := r.found.Conn.IsForgotten()
	if forgotten == nil {
		return nil
	}
	for _, pages := range [][][]byte{roster.Pages, roster.Details} {
		for i := range pages {
			left, _, err := metrics.PageWithout(pages[i], forgotten)
			if err != nil {
				return err
			}
			pages[i] = left
		}
	}
	people := read.People(date)
	people.Leave(forgotten)
	roster.People = people.Bytes()
	users.People, users.Forgotten = people.Active(), users.People-people.Active()
	return nil
}

// forget removes people from everything that is stored. After a failure it can be repeated. A person who was removed from the last day
// is not on the list any more.
func (c Collector) forget(ctx context.Context, conn *connector.Connector, today calendar.Date) error {
	ids, done := conn.ForgetNow(), slices.Clone(conn.Forgetting)
	days := calendar.Range{From: firstKept(conn), To: today}
	for _, date := range days.Days() {
		if err := c.Store.Forget(ctx, conn.Ref, date, ids); err != nil {
			return err
		}
	}
	if err := c.Store.DropActive(ctx, conn.Ref); err != nil {
		return err
	}
	var months []calendar.Date
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		if err := c.Store.ForgetMembers(ctx, conn.Ref, month, ids); err != nil {
			return err
		}
		months = append(months, month)
	}
	if err := c.Store.KeepActive(ctx, conn.Ref, months...); err != nil {
		return err
	}
	if err := c.Store.KeepYear(ctx, conn.Ref, today.FirstOfMonth()); err != nil {
		return err
	}
	c.keepMonths(ctx, conn, days)
	_, err := c.Store.Change(ctx, conn.Ref, func(conn *connector.Connector) error {
		conn.Forgetting = slices.DeleteFunc(conn.Forgetting, func(one string) bool { return slices.Contains(done, one) })
		return nil
	})
	return err
}
