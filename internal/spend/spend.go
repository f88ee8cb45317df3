// Package spend is the use case of what Copilot costs: the seats as they were seen last, and the spend of a month.
package spend

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Store is where seats and bills were put.
type Store interface {
	SeatHistory(ctx context.Context, ref connector.Ref, days, listed calendar.Range) ([]cost.DayChanges, *seat.Snapshot, error)
	LatestSeats(ctx context.Context, ref connector.Ref, days calendar.Range) (*seat.Snapshot, error)
	Bill(ctx context.Context, ref connector.Ref, day calendar.Date) (*cost.CreditBill, error)
}

// Days is what was collected of the usage.
type Days interface {
	// Range returns one day a date, and who was active; whole says that this is known for each day with numbers.
	Range(ctx context.Context, c *connector.Connector, days calendar.Range) (list []metrics.Day, people *metrics.People, whole bool, err error)
}

// Reader reads what Copilot costs.
type Reader struct {
	Store  Store
	Days   Days
	Agreed money.Agreed // the deployment's prices, where they differ from the list
	Now    func() time.Time
}

// prices of a month: GitHub's list, what the deployment has agreed in its place, and the connector.
func (r Reader) prices(c *connector.Connector, month calendar.Date) (money.Prices, error) {
	agreements, err := money.ReadAgreements(c.Prices)
	if err != nil {
		return money.Prices{}, &fault.Error{Code: fault.Store, Op: "read the connector's prices", Err: err}
	}
	return money.PricesIn(month, r.Agreed, agreements.In(month)), nil
}

// Kept is how many days back a snapshot is looked for.
const Kept = 400

// Seats is a snapshot.
type Seats struct {
	seat.Summary
	Rows []seat.Row // of all seats, one per person
}

// Seats returns the newest snapshot of the seats up to a day, or of all when that is nil; nil when there is none.
func (r Reader) Seats(ctx context.Context, c *connector.Connector, asOf *calendar.Date) (*Seats, error) {
	days := calendar.Range{To: calendar.DateOf(r.Now()) + 1}
	if asOf != nil {
		days.To = min(days.To, *asOf)
	}
	days.From = days.To - Kept
	snapshot, err := r.Store.LatestSeats(ctx, c.Ref, days)
	if err != nil || snapshot == nil {
		return nil, err
	}
	prices, err := r.prices(c, calendar.DateOf(snapshot.AsOf))
	if err != nil {
		return nil, err
	}
	held, view, err := r.held(ctx, c, snapshot)
	if err != nil {
		return nil, err
	}
	return &Seats{Summary: view.Summarise(held, snapshot.NotListed, prices), Rows: view.Rows(held, prices)}, nil
}

// Month returns the spend of a month.
func (r Reader) Month(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error) {
	facts, err := r.facts(ctx, c, period)
	if err != nil {
		return cost.Month{}, err
	}
	return facts.Month(), nil
}

// ComparedMonth returns the spend of a month, and the figures of the same days of the month before.
func (r Reader) ComparedMonth(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error) {
	month, err := r.Month(ctx, c, period)
	if err != nil {
		return cost.Month{}, err
	}
	before, err := r.facts(ctx, c, period.Before())
	if err != nil {
		return cost.Month{}, err
	}
	month.Previous = new(before.Previous())
	return month, nil
}

// facts reads what a month is computed from.
func (r Reader) facts(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Facts, error) {
	prices, err := r.prices(c, period.From)
	if err != nil {
		return cost.Facts{}, err
	}
	facts := cost.Facts{
		Scope: c.Scope, Period: period, Today: calendar.DateOf(r.Now()), Prices: prices, Seats: cost.NewSeatDays(period), Billing: c.Capabilities.Billing,
	}
	snapshots, latest, err := r.Store.SeatHistory(ctx, c.Ref, period.Snapshots(), calendar.Range{From: period.From, To: period.To})
	if err != nil {
		return cost.Facts{}, err
	}
	for _, day := range snapshots {
		if err := facts.Seats.Add(day); err != nil {
			return cost.Facts{}, &fault.Error{Code: fault.Store, Op: "read seats", Err: err}
		}
	}
	if latest != nil {
		held, view, err := r.held(ctx, c, latest)
		if err != nil {
			return cost.Facts{}, err
		}
		summary := view.Summarise(held, latest.NotListed, prices)
		facts.Latest = &summary
	}
	days, people, whole, err := r.Days.Range(ctx, c, calendar.Range{From: period.From, To: period.To})
	if err != nil {
		return cost.Facts{}, err
	}
	facts.Days = days
	if whole {
		facts.People = people
	}
	if facts.Bill, err = r.Store.Bill(ctx, c.Ref, period.From); err != nil {
		return cost.Facts{}, err
	}
	return facts, nil
}
