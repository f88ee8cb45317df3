package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

const (
	// bytesOfAPerson is about how many bytes a person takes in a set.
	bytesOfAPerson = 2

	// setsAtOnce is about how many bytes of sets one query reads. DynamoDB answers with at most a megabyte.
	setsAtOnce = 600 << 10
)

// PeopleOf returns the set of people of each day that has one, oldest day first, in one round.
func (s *Store) PeopleOf(ctx context.Context, ref connector.Ref, days []ledger.Head) (map[calendar.Date][]byte, error) {
	hashes := map[calendar.Date]string{}
	var ranges []calendar.Range
	var size int64
	for _, day := range days {
		if day.Users == nil {
			continue
		}
		hashes[day.Date] = day.Users.Hash
		size += day.Users.People * bytesOfAPerson
		last := len(ranges) - 1
		if last < 0 || size > setsAtOnce {
			ranges, size = append(ranges, calendar.Range{From: day.Date, To: day.Date}), day.Users.People*bytesOfAPerson
		} else {
			ranges[last].To = day.Date
		}
	}
	queries := make([]Range, len(ranges))
	for i, days := range ranges {
		queries[i] = peopleRange(ref, days)
	}
	items, err := s.sideBySide(ctx, queries)
	if err != nil {
		return nil, err
	}
	sets := make(map[calendar.Date][]byte, len(hashes))
	for _, item := range items {
		date, hash := setOfPeople(item.Key)
		if hashes[date] == hash && hash != "" { // other sets belong to former revisions
			sets[date] = append(sets[date], item.Body...)
		}
	}
	return sets, nil
}
