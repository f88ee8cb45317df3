package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// UsersPages returns pages of each day's per-user numbers by key, in one round. which returns the numbers of the pages that are wanted of
// a day. They come in the same order. A missing page is nil. There are no pages for a day without a per-user report.
func (s *Store) UsersPages(ctx context.Context, ref connector.Ref, days []ledger.Head, which func(ledger.Head) []int) (map[calendar.Date][][]byte, error) {
	return s.pagesBy(ctx, ref, days, which, usersKey)
}

// UserMonthPages is like UsersPages for what each person did in months that are over. A month is a head with its first day and with the
// name that ledger.MonthOf gives it. Its pages are missing if KeepUsers has not stored them.
func (s *Store) UserMonthPages(ctx context.Context, ref connector.Ref, months []ledger.Head, which func(ledger.Head) []int) (map[calendar.Date][][]byte, error) {
	return s.pagesBy(ctx, ref, months, which, userMonthKey)
}

func (s *Store) pagesBy(ctx context.Context, ref connector.Ref, of []ledger.Head, which func(ledger.Head) []int,
	keyOf func(ref connector.Ref, date calendar.Date, hash string, page int) Key,
) (map[calendar.Date][][]byte, error) {
	var keys []Key
	places := map[Key]*[]byte{}
	pages := map[calendar.Date][][]byte{}
	for _, head := range of {
		if head.Users == nil {
			continue
		}
		numbers := which(head)
		if len(numbers) == 0 {
			continue
		}
		pages[head.Date] = make([][]byte, len(numbers))
		for i, number := range numbers {
			key := keyOf(ref, head.Date, head.Users.Hash, number)
			keys, places[key] = append(keys, key), &pages[head.Date][i]
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

// everyPage returns the numbers of all pages of a day.
func everyPage(day ledger.Head) []int { return numbersFrom(0, day.Users.Pages-1) }

func numbersFrom(first, last int) (numbers []int) {
	for number := first; number <= last; number++ {
		numbers = append(numbers, number)
	}
	return numbers
}
