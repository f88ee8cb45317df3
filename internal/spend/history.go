package spend

import (
	"context"
	"reflect"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// SeatDay is the number of seats of a day by status, as the Admin API shows it.
type SeatDay struct {
	Date                calendar.Date `json:"date"`
	Total               int           `json:"total"`
	Active              int           `json:"active"`
	New                 int           `json:"new"`
	Idle                int           `json:"idle"`
	NeverUsed           int           `json:"neverUsed"`
	PendingCancellation int           `json:"pendingCancellation"`
	Unknown             int           `json:"unknown"`
	NotListed           int           `json:"notListed"`
	MonthlyCost         *money.Money  `json:"monthlyCost"`   // of all seats, at the prices of the day's month; nil: unknown
	IdleAfterDays       int           `json:"idleAfterDays"` // the setting by which the statuses of this day were decided
}

// SeatHistory returns the days of a range whose seats were counted, oldest first. It reads one small record for each day, and no lists.
func (r Reader) SeatHistory(ctx context.Context, c *connector.Connector, days calendar.Range) ([]SeatDay, error) {
	counts, err := r.Store.SeatCounts(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	list := []SeatDay{}
	for _, date := range days.Days() {
		tally, ok := counts[date]
		if !ok {
			continue
		}
		prices, err := r.prices(c, date)
		if err != nil {
			return nil, err
		}
		list = append(list, seatDay(date, tally.Summary(prices)))
	}
	return list, nil
}

func seatDay(date calendar.Date, sum seat.Summary) SeatDay {
	return SeatDay{
		Date: date, Total: sum.Total, Active: *sum.Active.Count, New: *sum.New.Count, Idle: *sum.Idle.Count,
		NeverUsed: *sum.NeverUsed.Count, PendingCancellation: *sum.PendingCancellation.Count, Unknown: *sum.Unknown.Count,
		NotListed: *sum.NotListed, MonthlyCost: sum.MonthlyCost, IdleAfterDays: sum.IdleAfterDays,
	}
}

// CountSeats counts the seats of each snapshot of some days by status, from the reports up to that day, and stores the counts. Polls call
// it for the newest days, whose reports are still coming in. After that, the counts of a day do not change.
func (r Reader) CountSeats(ctx context.Context, c *connector.Connector, days calendar.Range) error {
	kept, err := r.Store.SeatCounts(ctx, c.Ref, days)
	if err != nil {
		return err
	}
	var older lastUse // of all reports up to the first day that needs them, for the later days too
	for _, date := range days.Days() {
		_, counted := kept[date]
		if removed := c.PeopleRemoved; counted && removed != nil && *removed >= date-calendar.Date(c.IdleAfterDays) {
			continue // it was counted while its people were still known
		}
		var use lastUse
		snapshot, err := r.Store.SeatsAndMore(ctx, c.Ref, calendar.Range{From: date, To: date}, func(asOf time.Time) { use = r.recentUse(ctx, c, asOf) })
		if err != nil {
			return err
		}
		if snapshot == nil || snapshot.Nameless {
			continue
		}
		judged, err := use.judged(c, snapshot)
		if err == nil && use.older() && judged.Any(seat.Unknown, seat.NeverUsed) {
			both, ok := use.with(&older)
			if !ok {
				older = r.lastUse(ctx, c, snapshot.AsOf)
				both = &older
			}
			judged, err = both.judged(c, snapshot)
		}
		if err != nil {
			return err
		}
		tally := judged.Tally(snapshot.NotListed)
		if reflect.DeepEqual(tally, kept[date]) {
			continue
		}
		if err := r.Store.PutSeatCounts(ctx, c.Ref, date, tally); err != nil {
			return err
		}
	}
	return nil
}
