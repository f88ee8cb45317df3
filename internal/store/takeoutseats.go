package store

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// withoutHolders replaces the seats of removed people in the snapshot of a day by seats without a person. It looks for them in the pages
// before it reads a whole list, because most lists of a year have none of the few people of a removal, and to read one and to pack it
// again takes a second of CPU.
func (s *Store) withoutHolders(ctx context.Context, ref connector.Ref, date calendar.Date, gone func(int64) bool, all bool) error {
	if err := s.withoutChanges(ctx, ref, date, gone); err != nil {
		return err
	}
	kept, err := s.seatsOn(ctx, ref, date)
	if err != nil {
		return err
	}
	stands := ""
	if kept.head != nil && len(kept.pages) == kept.head.Pages { // otherwise nobody can read what is left of the list, but it contains people
		stands = kept.head.Set
		named, err := pagesName(kept.pages, gone)
		if err != nil {
			return err
		}
		if named || all && !kept.head.Nameless {
			if stands, err = s.putAnonymous(ctx, ref, kept, gone, all); err != nil {
				return err
			}
		}
	}
	// Also after a run that ended before this step.
	return s.Table.DeleteAll(ctx, slices.DeleteFunc(kept.keys, func(key Key) bool { return setOf(key) == stands }))
}

// seatsOfDay is everything that is stored of the seats of a day.
type seatsOfDay struct {
	head  *seatsHead
	pages [][]byte // those pages that the head names and that are there
	keys  []Key    // those of all pages, also of earlier lists
}

// seatsOn reads the seats of a day.
func (s *Store) seatsOn(ctx context.Context, ref connector.Ref, date calendar.Date) (of seatsOfDay, err error) {
	item, err := s.Table.Get(ctx, seatsKey(ref, date))
	if err != nil {
		return of, err
	}
	if item != nil {
		if of.head, err = readSeatsHead(item); err != nil {
			return of, err
		}
	}
	for page, err := range s.Table.Query(ctx, seatPagesRange(ref, date)) {
		if err != nil {
			return of, err
		}
		of.keys = append(of.keys, page.Key)
		if of.head != nil && setOf(page.Key) == of.head.Set {
			of.pages = append(of.pages, page.Body)
		}
	}
	return of, nil
}

// pagesName reports whether pages of a list have a seat of any of the people.
func pagesName(pages [][]byte, some func(int64) bool) (bool, error) {
	const op = "read seats"
	for _, page := range pages {
		text, err := inflate(op, page)
		if err != nil {
			return false, err
		}
		named, err := seat.Names(text, some)
		if err != nil {
			return false, failed(op, err)
		}
		if named {
			return true, nil
		}
	}
	return false, nil
}

// putAnonymous stores a list again without people who are gone. It returns the hash of the new list.
func (s *Store) putAnonymous(ctx context.Context, ref connector.Ref, kept seatsOfDay, gone func(int64) bool, all bool) (set string, err error) {
	seats, err := unpackSeats(kept.pages)
	if err != nil {
		return "", err
	}
	snapshot := kept.head.snapshot(seats)
	snapshot.Seats, _ = seat.Anonymous(seats, kept.head.date, gone)
	snapshot.Nameless = all
	return s.putSeats(ctx, ref, kept.head.date, *snapshot)
}
