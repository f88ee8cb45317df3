package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// UsersPages returns one page of each day's per-user numbers, the one whose number page tells, in small reads by key.
// A day without a per-user report has none.
func (s *Store) UsersPages(ctx context.Context, ref connector.Ref, days []ledger.Day, page func(ledger.Day) int) (map[calendar.Date][]byte, error) {
	var keys []Key
	dates := map[Key]calendar.Date{}
	for _, day := range days {
		if day.Users == nil {
			continue
		}
		key := usersKey(ref, day.Date, day.Users.Hash, page(day))
		keys, dates[key] = append(keys, key), day.Date
	}
	items, err := s.Table.GetAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	pages := make(map[calendar.Date][]byte, len(items))
	for _, item := range items {
		pages[dates[item.Key]] = item.Body
	}
	return pages, nil
}
