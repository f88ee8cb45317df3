package store

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// KeepRecord stores GitHub's own record of a day, compressed. The caller then commits a revision of the day that names the record by
// its hash.
func (s *Store) KeepRecord(ctx context.Context, ref connector.Ref, date calendar.Date, record []byte) error {
	packed, err := deflated("keep the record of "+date.String(), record)
	if err != nil {
		return err
	}
	var items []Item
	for part := range slices.Chunk(packed, MaxBody) {
		items = append(items, Item{Key: recordKey(ref, date, ledger.HashOf(record), len(items)), Body: part})
	}
	return s.Table.PutAll(ctx, items)
}

// Record returns GitHub's own record of a day as it was sent, or nil if none is stored.
func (s *Store) Record(ctx context.Context, ref connector.Ref, day *ledger.Day) ([]byte, error) {
	if day.Record == "" {
		return nil, nil
	}
	var packed bytes.Buffer
	for item, err := range s.Table.Query(ctx, recordRange(ref, day.Date)) {
		if err != nil {
			return nil, err
		}
		if setOf(item.Key) == day.Record {
			packed.Write(item.Body)
		}
	}
	op := "read the record of " + day.Date.String()
	record, err := inflate(op, packed.Bytes())
	if err == nil && ledger.HashOf(record) != day.Record {
		err = failed(op, errors.New("a part of it is missing"))
	}
	if err != nil {
		return nil, err
	}
	return record, nil
}
