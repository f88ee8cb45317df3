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

// seatsPerPage makes a packed page of about 25 KB, so that even with long names it fits into an item.
const seatsPerPage = 2000

// seatsHead is the item of a snapshot. It names the pages of its list.
type seatsHead struct {
	AsOf      time.Time    `json:"asOf"`
	Plan      copilot.Plan `json:"plan"`
	Total     int          `json:"total"`
	Set       string       `json:"set"` // the hash of the list
	Pages     int          `json:"pages"`
	NotListed int          `json:"notListed,omitempty"`
	Nameless  bool         `json:"nameless,omitempty"` // all people were removed from the list
	Shared    copilot.Plan `json:"shared"`             // the plan that all listed seats have, with one seat for each person

	// Before names the snapshot with which the changes compare. Nil means that no changes are stored, so they must be computed from the
	// two lists.
	Before  *seatsName `json:"before,omitempty"`
	Changed bool       `json:"changed,omitempty"` // there is at least one change

	date calendar.Date
}

// seatsName names a snapshot. Two snapshots of a day with the same list have the same name.
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

// PutSeats stores a snapshot of the seats for a day: first its pages and its changes since the snapshot before, then the head that
// names them. An earlier snapshot of the day expires. A list that the day already has is not written again.
func (s *Store) PutSeats(ctx context.Context, ref connector.Ref, date calendar.Date, snapshot seat.Snapshot) error {
	set, err := s.putSeats(ctx, ref, date, snapshot)
	if err != nil {
		return err
	}
	return s.expireBut(ctx, seatPagesRange(ref, date), set)
}

// putSeats is PutSeats, but leaves the pages of the earlier snapshot. It returns the hash of the list.
func (s *Store) putSeats(ctx context.Context, ref connector.Ref, date calendar.Date, snapshot seat.Snapshot) (set string, err error) {
	list := seat.InOrder(snapshot.Seats)
	set, pages, err := packSeats(list)
	if err != nil {
		return "", err
	}
	head := seatsHead{
		AsOf: snapshot.AsOf, Plan: snapshot.Plan, Total: len(list), Set: set, Pages: len(pages), NotListed: snapshot.NotListed, Nameless: snapshot.Nameless,
		Shared: seat.SharedPlan(seat.OnePerPerson(list, date)), date: date,
	}
	standing, before, err := s.seatsAround(ctx, ref, date)
	if err != nil {
		return "", err
	}
	var items []Item
	if standing == nil || standing.Set != set {
		for i, page := range pages {
			items = append(items, Item{Key: seatPageKey(ref, date, set, i), Body: page})
		}
	}
	changes, err := s.changesSince(ctx, ref, before, &head, list)
	if err != nil {
		return "", err
	}
	if err := s.Table.PutAll(ctx, append(items, changes...)); err != nil {
		return "", err
	}
	if standing != nil && standing.Changed && !head.Changed {
		if err := s.Table.DeleteAll(ctx, []Key{seatChangesKey(ref, date)}); err != nil {
			return "", err
		}
	}
	body, err := pack("store seats", head)
	if err != nil {
		return "", err
	}
	return set, s.Table.PutAll(ctx, []Item{{Key: seatsKey(ref, date), Body: body}})
}

// packSeats returns a list in pages, and its hash.
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

// seatsAround returns the snapshot of a day and the one before it, or nil if there is none within the reach of a month.
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

// LatestSeats returns the newest snapshot of a range of days, or nil if there is none or its pages are missing.
func (s *Store) LatestSeats(ctx context.Context, ref connector.Ref, days calendar.Range) (*seat.Snapshot, error) {
	return s.SeatsAndMore(ctx, ref, days, func(time.Time) {})
}

// SeatsAndMore is LatestSeats. While it reads the pages, it calls beside with the instant of the snapshot.
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

// seatLists reads the pages that heads name, all at once. It leaves out a list if one of its pages is missing.
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
