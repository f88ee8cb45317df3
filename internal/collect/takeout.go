package collect

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// People are removed from a year of a large account in many runs. Each stops early, keeps how far it came in the connector, and a task of
// its own goes on there. A poll reads GitHub whatever is left to remove.

// betweenRemovals is longer than a task waits for a busy connector, so that a poll gets its turn between two runs of a removal.
const betweenRemovals = whileBusy + 15*time.Second

// timeToStep is shorter than the time that a Lambda has left after the context of its run.
const timeToStep = 1500 * time.Millisecond

// pace ends a removal long before the end of its run, because the last day that was begun needs time too.
type pace struct {
	spare context.Context //nolint:containedctx // its end is the only thing that counts: from then on no day is begun
	least int             // so many days are begun whatever the time, so that a removal always ends
	begun int
}

// begins reports whether there is time for another day.
func (p *pace) begins() bool {
	p.begun++
	return p.begun <= p.least || p.spare.Err() == nil
}

// takeOut is a run that only removes people: those who asked for it, and then those of days that have become too old.
func (c Collector) takeOut(ctx, spare context.Context, task connector.Task, conn *connector.Connector, began time.Time) ([]poll.FollowUp, error) {
	p := &pace{spare: spare, least: 1}
	left := false
	var err error
	if len(conn.Forgetting) > 0 {
		left, err = c.forget(ctx, conn, began, p)
	}
	if !left && err == nil {
		left, err = c.removeOld(ctx, conn, began, p)
	}
	if left && err == nil {
		return []poll.FollowUp{{Task: task, Delay: betweenRemovals}}, nil
	}
	return nil, err
}

// firstKept returns the first day whose people can be kept.
func firstKept(conn *connector.Connector) calendar.Date {
	first := calendar.DateOf(conn.CreatedAt)
	if conn.FirstDay != nil {
		first = min(first, *conn.FirstDay)
	}
	return first
}

// forget removes people from everything that is stored, day by day, and reports whether some days or people are left for another run. After
// a failure it can be repeated. A person who was removed from the last day is not on the list any more.
func (c Collector) forget(ctx context.Context, conn *connector.Connector, began time.Time, p *pace) (left bool, err error) {
	if conn.Removing == 0 {
		conn.Removing, conn.RemoveOn = len(conn.Forgetting), firstKept(conn)
	}
	ids, today := conn.RemoveNow(), max(calendar.DateOf(began), conn.RemoveOn) // the clock of another run may have been ahead
	for conn.RemoveOn <= today && p.begins() {
		date := conn.RemoveOn
		if err := c.forgetDay(ctx, conn, date, today, ids); err != nil {
			return true, errors.Join(err, c.stepped(ctx, conn))
		}
		conn.RemoveOn++
		if date == date.EndOfMonth() && date < today {
			if err := c.stepped(ctx, conn); err != nil {
				return true, err
			}
		}
	}
	if conn.RemoveOn <= today {
		return true, c.stepped(ctx, conn)
	}
	if err := c.Store.RenewYear(ctx, conn.Ref, today.FirstOfMonth()); err != nil {
		return true, err
	}
	removing := conn.Removing
	after, err := c.Store.Change(ctx, conn.Ref, func(stored *connector.Connector) error {
		stored.Removing = removing
		stored.Removed()
		return nil
	})
	return after != nil && len(after.Forgetting) > 0, err
}

// forgetDay removes people from a day and, if it is the last one of a month or of all, from what the days of the month share.
func (c Collector) forgetDay(ctx context.Context, conn *connector.Connector, date, today calendar.Date, ids []int64) error {
	if err := c.Store.Forget(ctx, conn.Ref, date, ids); err != nil || date < min(date.EndOfMonth(), today) {
		return err
	}
	if err := c.Store.ForgetMonth(ctx, conn.Ref, date, ids); err != nil {
		return err
	}
	c.noteKept(ctx, conn, c.Store.KeepTeams(ctx, conn.Ref, date))
	c.noteKept(ctx, conn, c.Store.KeepTenures(ctx, conn.Ref, date.FirstOfMonth()-1)) // this month's lists may count for it
	return nil
}

// stepped stores how far the removal has come, also when the run's time is over.
func (c Collector) stepped(ctx context.Context, conn *connector.Connector) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeToStep)
	defer cancel()
	_, err := c.Store.Change(ctx, conn.Ref, func(stored *connector.Connector) error {
		stored.Removing, stored.RemoveOn, stored.RemovalSteppedAt = conn.Removing, conn.RemoveOn, c.Now().UTC()
		return nil
	})
	return err
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
