package store

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// seatsPerPage keeps a page of seats, packed, far below what an item holds.
const seatsPerPage = 2000

// seatsHead names the pages that belong together.
type seatsHead struct {
	AsOf  time.Time    `json:"asOf"`
	Plan  copilot.Plan `json:"plan"`
	Total int          `json:"total"`
	Set   string       `json:"set"`
	Pages int          `json:"pages"`

	NotListed int `json:"notListed,omitempty"`
}

// PutSeats keeps a snapshot of the seats as that of a day: first its pages, then what names them. What the day had
// before expires.
func (s *Store) PutSeats(ctx context.Context, ref connector.Ref, date calendar.Date, snapshot seat.Snapshot) error {
	head := seatsHead{AsOf: snapshot.AsOf, Plan: snapshot.Plan, Total: len(snapshot.Seats), Set: connector.NewID(), NotListed: snapshot.NotListed}
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

// Seats yields the snapshots of a range of days, oldest first. One whose pages were replaced while it was read is left
// out.
func (s *Store) Seats(ctx context.Context, ref connector.Ref, days calendar.Range) iter.Seq2[cost.DaySeats, error] {
	return func(yield func(cost.DaySeats, error) bool) {
		for item, err := range s.Table.Query(ctx, seatsRange(ref, days)) {
			if err != nil {
				yield(cost.DaySeats{}, err)
				return
			}
			day, snapshot, err := s.snapshot(ctx, ref, &item)
			if snapshot == nil && err == nil {
				continue
			}
			if err != nil {
				yield(cost.DaySeats{}, err)
				return
			}
			if !yield(cost.DaySeats{Date: day, Seats: snapshot.Seats, NotListed: snapshot.NotListed}, nil) {
				return
			}
		}
	}
}

// LatestSeats returns the newest snapshot of a range of days, nil when there is none.
func (s *Store) LatestSeats(ctx context.Context, ref connector.Ref, days calendar.Range) (*seat.Snapshot, error) {
	newest := seatsRange(ref, days)
	newest.NewestFirst, newest.Limit = true, 1
	for item, err := range s.Table.Query(ctx, newest) {
		if err != nil {
			return nil, err
		}
		_, snapshot, err := s.snapshot(ctx, ref, &item)
		return snapshot, err
	}
	return nil, nil //nolint:nilnil // documented: there is none
}

// snapshot reads the pages that a head names; nil when they are not all there.
func (s *Store) snapshot(ctx context.Context, ref connector.Ref, item *Item) (calendar.Date, *seat.Snapshot, error) {
	const op = "read seats"
	var head seatsHead
	if err := unpack(op, item.Body, &head); err != nil {
		return 0, nil, err
	}
	date, err := calendar.ParseDate(strings.TrimPrefix(item.Sort, "seats#"))
	if err != nil {
		return 0, nil, failed(op, err)
	}
	keys := make([]Key, head.Pages)
	index := make(map[Key]int, head.Pages)
	for i := range keys {
		keys[i] = seatPageKey(ref, date, head.Set, i)
		index[keys[i]] = i
	}
	pages, err := s.Table.GetAll(ctx, keys)
	if err != nil || len(pages) < head.Pages {
		return date, nil, err
	}
	lists := make([][]seat.Seat, head.Pages)
	for _, page := range pages {
		if err := unpack(op, page.Body, &lists[index[page.Key]]); err != nil {
			return date, nil, err
		}
	}
	return date, &seat.Snapshot{AsOf: head.AsOf, Plan: head.Plan, Seats: slices.Concat(lists...), NotListed: head.NotListed}, nil
}

// PutBill keeps the bill of the month in which a day lies, in the place of the one before.
func (s *Store) PutBill(ctx context.Context, ref connector.Ref, day calendar.Date, bill cost.CreditBill) error {
	body, err := pack("store bill", bill)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: billKey(ref, day), Body: body}})
}

// Bill returns the bill of the month in which a day lies, nil when none was read.
func (s *Store) Bill(ctx context.Context, ref connector.Ref, day calendar.Date) (*cost.CreditBill, error) {
	item, err := s.Table.Get(ctx, billKey(ref, day))
	if err != nil || item == nil {
		return nil, err
	}
	bill := new(cost.CreditBill)
	return bill, unpack("read bill", item.Body, bill)
}
