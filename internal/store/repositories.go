package store

import (
	"context"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// KeepRepositories stores the repositories of a day in their stored form. The caller then commits a revision of the day that names
// them by their hash.
func (s *Store) KeepRepositories(ctx context.Context, ref connector.Ref, date calendar.Date, text []byte) error {
	packed, err := deflated("keep the repositories of "+date.String(), text)
	if err != nil {
		return err
	}
	var items []Item
	for part := range slices.Chunk(packed, MaxBody) {
		items = append(items, Item{Key: repositoriesKey(ref, date, ledger.HashOf(text), len(items)), Body: part})
	}
	return s.Table.PutAll(ctx, items)
}

// Repositories returns the repositories of each day of a range that has a report of them, oldest first.
func (s *Store) Repositories(ctx context.Context, ref connector.Ref, days calendar.Range) ([][]metrics.Repository, error) {
	stored, err := s.Days(ctx, ref, days)
	if err != nil {
		return nil, err
	}
	items, err := s.sideBySide(ctx, inParts(ref, days, daysAtOnce, repositoriesRange))
	if err != nil {
		return nil, err
	}
	packed := map[string][]byte{} // keys: day and hash
	for _, item := range items {
		set := item.Sort[:strings.LastIndexByte(item.Sort, '#')]
		packed[set] = append(packed[set], item.Body...)
	}
	var list [][]metrics.Repository
	for i := range stored {
		day := &stored[i]
		if day.Repositories == "" {
			continue
		}
		op := "read the repositories of " + day.Date.String()
		key := repositoriesKey(ref, day.Date, day.Repositories, 0).Sort
		text, err := inflate(op, packed[key[:strings.LastIndexByte(key, '#')]])
		if err != nil {
			return nil, err
		}
		of, err := ledger.ReadRepositories(text, day.Repositories)
		if err != nil {
			return nil, failed(op, err)
		}
		list = append(list, of)
	}
	return list, nil
}
