package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// UsersPages returns pages of each day's per-user numbers by key, in one round. which returns the first and the last page that is
// wanted of a day. A missing page is nil. There are no pages for a day without a per-user report, or if first is greater than last.
func (s *Store) UsersPages(ctx context.Context, ref connector.Ref, days []ledger.Head,
	which func(ledger.Head) (first, last int),
) (map[calendar.Date][][]byte, error) {
	var keys []Key
	places := map[Key]*[]byte{}
	pages := map[calendar.Date][][]byte{}
	for _, day := range days {
		if day.Users == nil {
			continue
		}
		first, last := which(day)
		if first > last {
			continue
		}
		pages[day.Date] = make([][]byte, last-first+1)
		for page := first; page <= last; page++ {
			key := usersKey(ref, day.Date, day.Users.Hash, page)
			keys, places[key] = append(keys, key), &pages[day.Date][page-first]
		}
	}
	items, err := s.Table.GetAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		*places[item.Key] = item.Body
	}
	return pages, nil
}
