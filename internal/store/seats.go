package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// seatsPerPage makes a page of about 25 KB, packed: far below what an item holds, whatever the names.
const seatsPerPage = 2000

// seatsHead names the pages that belong together.
type seatsHead struct {
	AsOf      time.Time    `json:"asOf"`
	Plan      copilot.Plan `json:"plan"`
	Total     int          `json:"total"`
	Set       string       `json:"set"` // a hash of the list
	Pages     int          `json:"pages"`
	NotListed int          `json:"notListed,omitempty"`
	Nameless  bool         `json:"nameless,omitempty"` // everybody was taken out
	Shared    copilot.Plan `json:"shared"`             // the plan that all listed seats share, one for each person

	// Before names the snapshot that the changes are against. Nil: they are not kept, and follow from the two lists.
	Before  *seatsName `json:"before,omitempty"`
	Changed bool       `json:"changed,omitempty"` // there are any

	date calendar.Date
}

// seatsName names a snapshot: two of a day with the same list have the same.
type seatsName struct {
	Date calendar.Date `json:"date"`
	Set  string        `json:"set"`
}

func (h *seatsHead) name() seatsName { return seatsName{h.date, h.Set} }

func readSeatsHead(item *Item) (*seatsHead, error) {
	const op = "read seats"
	head := new(seatsHead)
	if err := unpack(op, item.Body, head); err != nil {
		return nil, err
	}
	var err error
	if head.date, err = calendar.ParseDate(strings.TrimPrefix(item.Sort, "seats#")); err != nil {
		return nil, failed(op, err)
	}
	return head, nil
}

// PutSeats keeps a snapshot of the seats as that of a day: first its pages and what it changes of the snapshot before, then
// what names them. What the day had before expires. A list that the day has already is not written again.
func (s *Store) PutSeats(ctx context.Context, ref connector.Ref, date calendar.Date, snapshot seat.Snapshot) error {
	list := seat.InOrder(snapshot.Seats)
	set, pages, err := packSeats(list)
	if err != nil {
		return err
	}
	head := seatsHead{
		AsOf: snapshot.AsOf, Plan: snapshot.Plan, Total: len(list), Set: set, Pages: len(pages), NotListed: snapshot.NotListed, Nameless: snapshot.Nameless,
		Shared: seat.SharedPlan(seat.OnePerPerson(list, date)), date: date,
	}
	standing, before, err := s.seatsAround(ctx, ref, date)
	if err != nil {
		return err
	}
	var items []Item
	if standing == nil || standing.Set != set {
		for i, page := range pages {
			items = append(items, Item{Key: seatPageKey(ref, date, set, i), Body: page})
		}
	}
	changes, err := s.changesSince(ctx, ref, before, &head, list)
	if err != nil {
		return err
	}
	if err := s.Table.PutAll(ctx, append(items, changes...)); err != nil {
		return err
	}
	body, err := pack("store seats", head)
	if err != nil {
		return err
	}
	if err := s.Table.PutAll(ctx, []Item{{Key: seatsKey(ref, date), Body: body}}); err != nil {
		return err
	}
	if standing != nil && standing.Changed && !head.Changed {
		if err := s.Table.DeleteAll(ctx, []Key{seatChangesKey(ref, date)}); err != nil {
			return err
		}
	}
	return s.expireBut(ctx, seatPagesRange(ref, date), set)
}

// packSeats returns a list on pages, and a name that tells it from every other list.
func packSeats(list []seat.Seat) (set string, pages [][]byte, err error) {
	sum := sha256.New()
	for seats := range slices.Chunk(list, seatsPerPage) {
		text := seat.Pack(seats)
		sum.Write(text)
		page, err := deflate("store seats", text)
		if err != nil {
			return "", nil, err
		}
		pages = append(pages, page)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), pages, nil
}

// seatsAround returns the snapshot that a day has, and the one before it, of those that a month is computed from. Nil: there is none.
func (s *Store) seatsAround(ctx context.Context, ref connector.Ref, date calendar.Date) (standing, before *seatsHead, err error) {
	newest := seatsRange(ref, calendar.Range{From: date - cost.Reach, To: date})
	newest.NewestFirst, newest.Limit = true, 2
	for item, err := range s.Table.Query(ctx, newest) {
		if err != nil {
			return nil, nil, err
		}
		head, err := readSeatsHead(&item)
		switch {
		case err != nil:
			return nil, nil, err
		case head.date == date:
			standing = head
		case before == nil:
			before = head
		}
	}
	return standing, before, nil
}

// LatestSeats returns the newest snapshot of a range of days, nil when there is none, or its pages are not there.
func (s *Store) LatestSeats(ctx context.Context, ref connector.Ref, days calendar.Range) (*seat.Snapshot, error) {
	return s.SeatsAndMore(ctx, ref, days, func(time.Time) {})
}

// SeatsAndMore returns the same. While its pages are read, beside is done, once it is known of which instant they are.
func (s *Store) SeatsAndMore(ctx context.Context, ref connector.Ref, days calendar.Range, beside func(asOf time.Time)) (*seat.Snapshot, error) {
	newest := seatsRange(ref, days)
	newest.NewestFirst, newest.Limit = true, 1
	for item, err := range s.Table.Query(ctx, newest) {
		if err != nil {
			return nil, err
		}
		head, err := readSeatsHead(&item)
		if err != nil {
			return nil, err
		}
		lists, err := s.seatListsBeside(ctx, ref, []*seatsHead{head}, func() { beside(head.AsOf) })
		if err != nil || lists[head.date] == nil {
			return nil, err
		}
		seats, err := unpackSeats(lists[head.date])
		return head.snapshot(seats), err
	}
	return nil, nil //nolint:nilnil // documented: there is none
}

func (s *Store) seatListsBeside(ctx context.Context, ref connector.Ref, heads []*seatsHead, beside func()) (map[calendar.Date][][]byte, error) {
	var wg sync.WaitGroup
	wg.Go(beside)
	defer wg.Wait()
	return s.seatLists(ctx, ref, heads)
}

func (h *seatsHead) snapshot(seats []seat.Seat) *seat.Snapshot {
	return &seat.Snapshot{AsOf: h.AsOf, Plan: h.Plan, Seats: seats, NotListed: h.NotListed, Nameless: h.Nameless}
}

// seatLists reads the pages that heads name, all at once. A list whose pages are not all there is left out.
func (s *Store) seatLists(ctx context.Context, ref connector.Ref, heads []*seatsHead) (map[calendar.Date][][]byte, error) {
	type place struct {
		date calendar.Date
		page int
	}
	var keys []Key
	places := map[Key]place{}
	lists := map[calendar.Date][][]byte{}
	for _, head := range heads {
		lists[head.date] = make([][]byte, head.Pages)
		for i := range head.Pages {
			key := seatPageKey(ref, head.date, head.Set, i)
			keys, places[key] = append(keys, key), place{head.date, i}
		}
	}
	items, err := s.Table.GetAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		at := places[item.Key]
		lists[at.date][at.page] = item.Body
	}
	maps.DeleteFunc(lists, func(_ calendar.Date, pages [][]byte) bool {
		return slices.ContainsFunc(pages, func(page []byte) bool { return page == nil })
	})
	return lists, nil
}

func unpackSeats(pages [][]byte) ([]seat.Seat, error) {
	const op = "read seats"
	lists := make([][]seat.Seat, len(pages))
	for i, page := range pages {
		text, err := inflate(op, page)
		if err != nil {
			return nil, err
		}
		if lists[i], err = seat.Unpack(text); err != nil {
			return nil, failed(op, err)
		}
	}
	if len(lists) == 1 {
		return lists[0], nil
	}
	return slices.Concat(lists...), nil
}
