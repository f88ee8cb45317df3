package usage

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Period is a month or a week of a range, or as much of it as the range has.
type Period struct {
	Month              string         `json:"month,omitempty"` // YYYY-MM; empty: it is a week
	From               calendar.Date  `json:"from"`
	To                 calendar.Date  `json:"to"`
	Totals             metrics.Totals `json:"totals"`
	ActiveShareOfSeats *float64       `json:"activeShareOfSeats"` // of those seats whose holders were active, four decimals; nil: not known
}

// Months returns the months of a range, oldest first.
func (r Reader) Months(ctx context.Context, c *connector.Connector, days calendar.Range) ([]Period, error) {
	periods, err := r.periods(ctx, c, days, calendar.Date.EndOfMonth)
	for i := range periods {
		periods[i].Month = periods[i].From.Start().Format("2006-01")
	}
	return periods, err
}

// Weeks returns the weeks of a range, oldest first. They begin on Monday.
func (r Reader) Weeks(ctx context.Context, c *connector.Connector, days calendar.Range) ([]Period, error) {
	return r.periods(ctx, c, days, calendar.Date.EndOfWeek)
}

// periods reads one period after the other, so that the people of one at most are in memory.
func (r Reader) periods(ctx context.Context, c *connector.Connector, days calendar.Range, end func(calendar.Date) calendar.Date) ([]Period, error) {
	var list []Period
	for from := days.From; from <= days.To; from = end(from) + 1 {
		period, err := r.period(ctx, c, calendar.Range{From: from, To: min(end(from), days.To)})
		if err != nil {
			return nil, err
		}
		list = append(list, period)
	}
	return list, nil
}

func (r Reader) period(ctx context.Context, c *connector.Connector, days calendar.Range) (Period, error) {
	list, people, whole, err := r.Range(ctx, c, days)
	if err != nil {
		return Period{}, err
	}
	if !whole {
		people = nil
	}
	period := Period{From: days.From, To: days.To, Totals: metrics.Sum(list, people)}
	if period.Totals.ActiveUsers == nil {
		return period, nil
	}
	morningAfter := days.To + 1 // whose list has who held a seat at the end of the last day
	snapshot, err := r.Store.LatestSeats(ctx, c.Ref, calendar.Range{From: days.From, To: morningAfter})
	if err != nil || snapshot == nil {
		return period, err
	}
	used, held, ok := snapshot.Used(days.To, func(userID int64) bool {
		_, active := people.LastActive(userID)
		return active
	})
	if ok {
		period.ActiveShareOfSeats = metrics.Share(used, held)
	}
	return period, nil
}
