package store

import (
	"context"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// PutSeatCounts stores the number of seats of a day by status. It replaces an earlier one.
func (s *Store) PutSeatCounts(ctx context.Context, ref connector.Ref, date calendar.Date, tally seat.Tally) error {
	body, err := pack("store counts of seats", tally)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: seatCountsKey(ref, date), Body: body}})
}

// SeatCounts returns the number of seats by status for each day of a range. Days that were not counted are missing.
func (s *Store) SeatCounts(ctx context.Context, ref connector.Ref, days calendar.Range) (map[calendar.Date]seat.Tally, error) {
	const op = "read counts of seats"
	counts := map[calendar.Date]seat.Tally{}
	for item, err := range s.Table.Query(ctx, seatCountsRange(ref, days)) {
		if err != nil {
			return nil, err
		}
		date, err := calendar.ParseDate(strings.TrimPrefix(item.Sort, "seatcounts#"))
		if err != nil {
			return nil, failed(op, err)
		}
		var tally seat.Tally
		if err := unpack(op, item.Body, &tally); err != nil {
			return nil, err
		}
		counts[date] = tally
	}
	return counts, nil
}
