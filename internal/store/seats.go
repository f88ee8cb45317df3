package store

import (
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// seatsPerPage keeps a page of seats, packed, far below what an item holds.
const seatsPerPage = 2000

// seatsHead names the pages that belong together.
type seatsHead struct {
	AsOf  time.Time      `json:"asOf"`
	Plan  connector.Plan `json:"plan"`
	Total int            `json:"total"`
	Set   string         `json:"set"`
	Pages int            `json:"pages"`
}

// PutSeats keeps a snapshot of the seats as that of a day: first its pages, then what names them. What the day had
// before expires.
func (s *Store) PutSeats(ctx context.Context, ref connector.Ref, date connector.Date, snapshot cost.Snapshot) error {
	head := seatsHead{AsOf: snapshot.AsOf, Plan: snapshot.Plan, Total: len(snapshot.Seats), Set: connector.NewID()}
	var items []Item
	for seats := range slices.Chunk(snapshot.Seats, seatsPerPage) {
		body, err := pack("store seats", seats)
		if err != nil {
			return err
		}
		items = append(items, Item{Key: seatPageKey(ref, date, head.Set, head.Pages), Body: body})
		head.Pages++
	}
	if err := s.Table.PutAll(ctx, items); err != nil {
		return err
	}
	body, err := pack("store seats", head)
	if err != nil {
		return err
	}
	if err := s.Table.PutAll(ctx, []Item{{Key: seatsKey(ref, date), Body: body}}); err != nil {
		return err
	}
	return s.expireBut(ctx, seatPagesRange(ref, date), head.Set)
}
