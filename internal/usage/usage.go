// Package usage is the use case of reading what was collected: the days of a range, and what each person did in it.
package usage

import (
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Store is where it was collected.
type Store interface {
	Days(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Day, error)
	DaysAndPeople(ctx context.Context, ref connector.Ref, days calendar.Range,
		each func(day ledger.Day, people []byte) error) ([]ledger.Day, error)
	LastUse(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.LastUse, error)
	LatestSeats(ctx context.Context, ref connector.Ref, days calendar.Range) (*seat.Snapshot, error)
	UsersPages(ctx context.Context, ref connector.Ref, days []ledger.Day, page func(ledger.Day) int) (map[calendar.Date][]byte, error)
}

// Reader reads it.
type Reader struct {
	Store Store
	Now   func() time.Time
}

// Usage is a range of days with its totals, as the Admin API shows it.
type Usage struct {
	Days     []metrics.Day  `json:"days"` // one a date, oldest first
	Totals   metrics.Totals `json:"totals"`
	Previous *Previous      `json:"previous"` // nil: not asked for
}

// Previous is the totals of as many days, right before a range.
type Previous struct {
	From   calendar.Date  `json:"from"`
	To     calendar.Date  `json:"to"`
	Totals metrics.Totals `json:"totals"`
}

// Usage returns the days of a range.
func (r Reader) Usage(ctx context.Context, c *connector.Connector, days calendar.Range) (Usage, error) {
	list, people, whole, err := r.Range(ctx, c, days)
	if err != nil {
		return Usage{}, err
	}
	if !whole {
		people = nil
	}
	return Usage{Days: list, Totals: metrics.Sum(list, people)}, nil
}

// Compared returns the days of a range, and the totals of as many before them.
func (r Reader) Compared(ctx context.Context, c *connector.Connector, days calendar.Range) (Usage, error) {
	before := calendar.Range{From: days.From - (days.To - days.From + 1), To: days.From - 1}
	previous, err := r.Usage(ctx, c, before)
	if err != nil {
		return Usage{}, err
	}
	answer, err := r.Usage(ctx, c, days)
	answer.Previous = &Previous{From: before.From, To: before.To, Totals: previous.Totals}
	return answer, err
}

// Range returns the days of a range, one a date, and who was active on them. whole says that everybody is known by name
// on each day with numbers; only then can distinct people be counted.
func (r Reader) Range(ctx context.Context, c *connector.Connector, days calendar.Range) (list []metrics.Day, people *metrics.People, whole bool, err error) {
	named := map[calendar.Date]bool{}
	people = &metrics.People{}
	stored, err := r.Store.DaysAndPeople(ctx, c.Ref, days, func(day ledger.Day, set []byte) error {
		active, err := metrics.ReadPeople(day.Date, set)
		if err != nil {
			return &fault.Error{Code: fault.Store, Op: "read the people of " + day.Date.String(), Err: err}
		}
		named[day.Date] = active.Active() == day.Users.People
		people.Merge(active)
		return nil
	})
	if err != nil {
		return nil, nil, false, err
	}
	whole = true
	for _, day := range stored {
		whole = whole && (named[day.Date] || day.Quiet())
	}
	return r.fill(c, days, stored), people, whole, nil
}

// fill puts a day without numbers wherever none is stored.
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

// stateUnread is the state of a day that is not stored. As long as nobody has looked for its report, or it was there and
// could not be read whole, it is still expected, however long ago the day was.
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
	return metrics.StateUnread(date, looked.Close()) // the last that anybody has asked GitHub
}
