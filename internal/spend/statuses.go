package spend

import (
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Statuses returns a function that tells the status of a person's seat, by the newest snapshot up to a day. It judges as Seats does, but
// only the people that are asked for. A person without a seat has no status. Without a snapshot nobody has one.
func (r Reader) Statuses(ctx context.Context, c *connector.Connector, asOf calendar.Date) (of func(userIDs []int64) (map[int64]seat.Status, error), err error) {
	days := calendar.Range{To: min(asOf, calendar.DateOf(r.Now())+1)}
	days.From = days.To - Kept
	var use lastUse
	snapshot, err := r.Store.SeatsAndMore(ctx, c.Ref, days, func(asOf time.Time) { use = r.recentUse(ctx, c, asOf) })
	if err != nil {
		return nil, err
	}
	if snapshot == nil {
		return func([]int64) (map[int64]seat.Status, error) { return nil, nil }, nil //nolint:nilnil // nobody has a status
	}
	return func(userIDs []int64) (map[int64]seat.Status, error) {
		wanted := make(map[int64]bool, len(userIDs))
		for _, id := range userIDs {
			wanted[id] = true
		}
		theirs := *snapshot
		theirs.Seats = slices.Collect(func(yield func(seat.Seat) bool) {
			for i := range snapshot.Seats {
				if id := snapshot.Seats[i].UserID; id != nil && wanted[*id] && !yield(snapshot.Seats[i]) {
					return
				}
			}
		})
		judged, err := r.judged(ctx, c, &theirs, use, seat.Unknown, seat.NeverUsed)
		if err != nil {
			return nil, err
		}
		statuses := make(map[int64]seat.Status, len(userIDs))
		judged.Each(func(held *seat.Seat, status seat.Status) { statuses[*held.UserID] = status })
		return statuses, nil
	}, nil
}
