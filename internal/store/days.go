package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// Day returns the stored day, or nil if there is none.
func (s *Store) Day(ctx context.Context, ref connector.Ref, date calendar.Date) (*ledger.Day, error) {
	item, err := s.Table.Get(ctx, dayKey(ref, date))
	if err != nil || item == nil {
		return nil, err
	}
	return readDay(item)
}

// daysAtOnce is how many days one query reads. With more than about 300 days it would need a second round.
const daysAtOnce = 92

// Days returns the stored days of a range, oldest first, in one round.
func (s *Store) Days(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Day, error) {
	items, err := s.dayItems(ctx, ref, days)
	if err != nil {
		return nil, err
	}
	return readDays(items)
}

// Heads returns the heads of the stored days of a range, oldest first, in one round. It does not unpack the days.
func (s *Store) Heads(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Head, error) {
	items, err := s.dayItems(ctx, ref, days)
	if err != nil {
		return nil, err
	}
	return readHeads(items)
}

func (s *Store) dayItems(ctx context.Context, ref connector.Ref, days calendar.Range) ([]Item, error) {
	return s.sideBySide(ctx, s.lagging(inParts(ref, days, daysAtOnce, daysRange)))
}

// Commit makes a day's new revision visible. It first writes the pages of the revision, and then, by one conditional write, the
// day that names them. Until then, and after a failure, readers see the former revision. people is nil if the day has no
// per-user report, or if its report is already stored. The error is fault.Conflict if somebody else has written the day in the
// meantime.
func (s *Store) Commit(ctx context.Context, ref connector.Ref, day ledger.Day, people *ledger.PackedPeople) error {
	header, err := dayItem(ref, day)
	if err != nil {
		return err
	}
	if people != nil {
		items := make([]Item, 0, len(people.Pages)+len(people.Details)+1)
		for i, page := range people.Pages {
			items = append(items, Item{Key: usersKey(ref, day.Date, day.Users.Hash, i), Body: page})
		}
		for i, page := range people.Details {
			if len(page) > 0 {
				items = append(items, Item{Key: detailsKey(ref, day.Date, day.Users.Hash, i), Body: page})
			}
		}
		part := 0
		for set := range slices.Chunk(people.People, MaxBody) {
			items = append(items, Item{Key: peopleKey(ref, day.Date, day.Users.Hash, part), Body: set})
			part++
		}
		if err := s.Table.PutAll(ctx, items); err != nil {
			return err
		}
	}
	err = s.Table.Put(ctx, header)
	if errors.Is(err, ErrChanged) {
		return &fault.Error{Code: fault.Conflict, Op: "store day " + day.Date.String(), Err: err}
	}
	return err
}

// Settle writes a day that is settled and whose people have not changed. Before that, it lets the pages expire that earlier
// revisions and crashed runs have left. The caller must hold the lease, because pages that another run is about to make visible
// would expire as well.
func (s *Store) Settle(ctx context.Context, ref connector.Ref, day ledger.Day) error {
	users := ""
	if day.Users != nil {
		users = day.Users.Hash
	}
	for _, left := range []struct {
		of       Range
		standing string
	}{
		{usersRange(ref, day.Date), users},
		{peopleRange(ref, calendar.Range{From: day.Date, To: day.Date}), users},
		{recordRange(ref, day.Date), day.Record},
		{repositoriesRange(ref, calendar.Range{From: day.Date, To: day.Date}), day.Repositories},
	} {
		if err := s.expireBut(ctx, left.of, left.standing); err != nil {
			return err
		}
	}
	return s.Commit(ctx, ref, day, nil)
}

const (
	// staleFor is how long replaced items stay for readers that have already read the item that named them.
	staleFor = time.Hour

	// staleAtOnce bounds how many pages are in memory at once.
	staleAtOnce = 100
)

// expireBut lets all items of a range expire, except those that belong to a set.
func (s *Store) expireBut(ctx context.Context, r Range, set string) error {
	return s.expire(ctx, r, func(other string) bool { return other != set })
}

// expire lets the items of a range expire that belong to an abandoned set.
func (s *Store) expire(ctx context.Context, r Range, left func(set string) bool) error {
	var stale []Item
	expires := s.Now().Add(staleFor)
	for item, err := range s.Table.Query(ctx, r) {
		if err != nil {
			return err
		}
		if !item.Expires.IsZero() || !left(setOf(item.Key)) {
			continue
		}
		item.Expires = expires
		stale = append(stale, item)
		if len(stale) == staleAtOnce {
			if err := s.Table.PutAll(ctx, stale); err != nil {
				return err
			}
			stale = stale[:0]
		}
	}
	return s.Table.PutAll(ctx, stale)
}
