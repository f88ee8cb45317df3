// Package usage is the use case of reading what people did with Copilot: the days of a range, its people, teams and repositories. It
// must not know money, which belongs to package spend, nor how an answer is written. Start reading at Reader.Usage.
package usage

import (
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Store is the part of the store that is read.
type Store interface {
	Days(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Day, error)
	ActiveDays(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.Active, error)
	TeamsOn(ctx context.Context, ref connector.Ref, date calendar.Date) (of func(userID int64) []string, err error)
	Teams(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.TeamRange, error)
	TeamTotals(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.TeamRange, error)
	Heads(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Head, error)
	Crowd(ctx context.Context, ref connector.Ref, days calendar.Range) (heads []ledger.Head, count func(context.Context) (*int, error), err error)
	LastUse(ctx context.Context, ref connector.Ref, days calendar.Range, shown calendar.Date) (*ledger.LastUse, error)
	Repositories(ctx context.Context, ref connector.Ref, days calendar.Range) ([][]metrics.Repository, error)
	LatestSeats(ctx context.Context, ref connector.Ref, days calendar.Range) (*seat.Snapshot, error)
	UsersPages(ctx context.Context, ref connector.Ref, days []ledger.Head, which func(ledger.Head) []int) (map[calendar.Date][][]byte, error)
	UserMonthPages(ctx context.Context, ref connector.Ref, months []ledger.Head, which func(ledger.Head) []int) (map[calendar.Date][][]byte, error)
}

// Reader reads usage from the store.
type Reader struct {
	Store Store
	Seats Seats // nil: people's rows have no seat status
	Now   func() time.Time
}

// Usage is a range of days with its totals, as the Admin API shows it.
type Usage struct {
	Days     []metrics.Day  `json:"days"` // one for each date, oldest first
	Totals   metrics.Totals `json:"totals"`
	Previous *Previous      `json:"previous"` // nil: not requested
}

// Previous is the totals of the same number of days right before a range.
type Previous struct {
	From   calendar.Date  `json:"from"`
	To     calendar.Date  `json:"to"`
	Totals metrics.Totals `json:"totals"`
}

// Usage returns the days of a range.
func (r Reader) Usage(ctx context.Context, c *connector.Connector, days calendar.Range) (Usage, error) {
	active, err := r.Store.ActiveDays(ctx, c.Ref, days)
	if err != nil {
		return Usage{}, err
	}
	list := r.fill(c, days, active.Days)
	return Usage{Days: list, Totals: metrics.Sum(list, headcount(active, days))}, nil
}

// Days returns the days of a range without totals.
func (r Reader) Days(ctx context.Context, c *connector.Connector, days calendar.Range) ([]metrics.Day, error) {
	stored, err := r.Store.Days(ctx, c.Ref, days)
	return r.fill(c, days, stored), err
}

// Compared returns the days of a range, and the totals of the same number of days before it.
func (r Reader) Compared(ctx context.Context, c *connector.Connector, days calendar.Range) (Usage, error) {
	before := calendar.Range{From: days.From - (days.To - days.From + 1), To: days.From - 1}
	active, err := r.Store.ActiveDays(ctx, c.Ref, calendar.Range{From: before.From, To: days.To})
	if err != nil {
		return Usage{}, err
	}
	previous, list := r.fill(c, before, active.In(before)), r.fill(c, days, active.In(days))
	return Usage{
		Days: list, Totals: metrics.Sum(list, headcount(active, days)),
		Previous: &Previous{From: before.From, To: before.To, Totals: metrics.Sum(previous, headcount(active, before))},
	}, nil
}

// headcount counts the distinct people of a range. It returns nil if somebody who was active on a day with numbers is not known,
// because then the number is unknown.
func headcount(active *ledger.Active, days calendar.Range) *metrics.Headcount {
	if !everybodyKnown(active, days) {
		return nil
	}
	return active.Crowd(days).Count()
}

func everybodyKnown(active *ledger.Active, days calendar.Range) bool {
	list := active.In(days)
	for i := range list {
		if !active.Named(&list[i]) && !list[i].Quiet() {
			return false
		}
	}
	return true
}

// fill adds a day without numbers for each date of which no day is stored.
func (r Reader) fill(c *connector.Connector, days calendar.Range, stored []ledger.Day) []metrics.Day {
	list := make([]metrics.Day, 0, days.To-days.From+1)
	for _, date := range days.Days() {
		if len(stored) > 0 && stored[0].Date == date {
			list, stored = append(list, stored[0].Shown()), stored[1:]
			continue
		}
		list = append(list, metrics.UnreadDay(date, r.stateUnread(c, date)))
	}
	return list
}

// stateUnread returns the state of a day that is not stored. The report of even an old day is still expected if nobody has looked for
// it, or if it exists and could not be read whole.
func (r Reader) stateUnread(c *connector.Connector, date calendar.Date) metrics.State {
	backfill, looked := c.Backfill, c.LookedThrough
	switch {
	case slices.Contains(c.Unreadable(), date),
		looked == nil && (backfill == nil || date >= backfill.Last),
		backfill != nil && backfill.Last <= date && date <= backfill.Next:
		return metrics.Pending
	case looked == nil:
		return metrics.StateUnread(date, r.Now())
	}
	return metrics.StateUnread(date, looked.Close()) // the last time at which GitHub was asked
}
