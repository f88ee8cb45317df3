package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// The item of a day is its head, which is a line of JSON, followed by the packed day. Most readers of a year need only the heads.

func dayItem(ref connector.Ref, day ledger.Day) (Item, error) {
	op := "store day " + day.Date.String()
	head, err := json.Marshal(day.Head())
	if err != nil {
		return Item{}, failed(op, err)
	}
	packed, err := pack(op, day)
	return Item{Key: dayKey(ref, day.Date), Version: day.Version, Body: append(append(head, '\n'), packed...)}, err
}

// readHead returns the head of a day, and the bytes after it.
func readHead(item *Item) (head ledger.Head, packed []byte, err error) {
	line, packed, ok := bytes.Cut(item.Body, []byte("\n"))
	if !ok {
		return head, nil, failed("read day", errors.New("what is stored has no head"))
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return head, nil, failed("read day", err)
	}
	head.Date, err = calendar.ParseDate(strings.TrimPrefix(item.Sort, dayPrefix))
	if err != nil {
		return head, nil, failed("read day", err)
	}
	return head, packed, nil
}

func readDay(item *Item) (*ledger.Day, error) {
	head, packed, err := readHead(item)
	if err != nil {
		return nil, err
	}
	day := &ledger.Day{Users: head.Users, Removed: head.Removed, Teams: head.Teams, Version: item.Version}
	return day, unpack("read day", packed, day)
}

func readDays(items []Item) ([]ledger.Day, error) {
	days := make([]ledger.Day, len(items))
	for i := range items {
		day, err := readDay(&items[i])
		if err != nil {
			return nil, err
		}
		days[i] = *day
	}
	return days, nil
}

func readHeads(items []Item) ([]ledger.Head, error) {
	heads := make([]ledger.Head, len(items))
	for i := range items {
		head, _, err := readHead(&items[i])
		if err != nil {
			return nil, err
		}
		heads[i] = head
	}
	return heads, nil
}
