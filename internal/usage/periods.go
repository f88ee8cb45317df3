package usage

import (
	"context"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Period is a month or a week of a range, or the part of it that lies in the range.
type Period struct {
	Month              string         `json:"month,omitempty"` // YYYY-MM; empty: it is a week
	From               calendar.Date  `json:"from"`
	To                 calendar.Date  `json:"to"`
	Totals             metrics.Totals `json:"totals"`
	ActiveShareOfSeats *float64       `json:"activeShareOfSeats"` // seats with active holders ÷ seats, four decimals; nil: unknown
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

// periods reads the people of all periods at once, and then the seats of all periods at the same time.
func (r Reader) periods(ctx context.Context, c *connector.Connector, days calendar.Range, end func(calendar.Date) calendar.Date) ([]Period, error) {
	active, err := r.Store.ActiveDays(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	var list []Period
	for from := days.From; from <= days.To; from = end(from) + 1 {
		list = append(list, Period{From: from, To: min(end(from), days.To)})
	}
	group, ctx := errgroup.WithContext(ctx)
	for i := range list {
		group.Go(func() error { return r.sum(ctx, c, active, &list[i]) })
	}
	return list, group.Wait()
}

func (r Reader) sum(ctx context.Context, c *connector.Connector, active *ledger.Active, period *Period) error {
	const op = "add up days"
	if err := fault.InTime(ctx, op); err != nil {
		return err
	}
	days := calendar.Range{From: period.From, To: period.To}
	period.Totals = metrics.Sum(r.fill(c, days, active.In(days)), headcount(active, days))
	if period.Totals.ActiveUsers == nil {
		return nil
	}
	morningAfter := days.To + 1 // its list shows who held a seat at the end of the last day
	snapshot, err := r.Store.LatestSeats(ctx, c.Ref, calendar.Range{From: days.From, To: morningAfter})
	if err != nil || snapshot == nil {
		return err
	}
	if err := fault.InTime(ctx, op); err != nil {
		return err
	}
	if used, held, ok := snapshot.Used(days.To, active.Crowd(days).Has); ok {
		period.ActiveShareOfSeats = metrics.Share(used, held)
	}
	return nil
}
