package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// A derived value can be larger than an item. So it is stored in parts, each of which begins with a digest of its sources.

// digest returns a hash of the names of a month's reports.
type digest [16]byte

func digestOf(reports activity.Reports) (d digest) {
	sum := sha256.New()
	for _, report := range reports {
		sum.Write([]byte(report + "\n"))
	}
	copy(d[:], sum.Sum(nil))
	return d
}

// maxParts is the most items over which such a value may be spread. They are enough for the people of the largest account.
const maxParts = 8

// keysOf returns the key of the first part of the value of each month.
func keysOf(ref connector.Ref, months []calendar.Date, key func(ref connector.Ref, month calendar.Date, part int) Key) []Key {
	keys := make([]Key, len(months))
	for i, month := range months {
		keys[i] = key(ref, month, 0)
	}
	return keys
}

// parts returns the items of such values, in the order of the keys. It takes the keys of the first parts. A first part says how many
// others there are. They need a second round, but only an account with many more than 100,000 people has them, and DynamoDB charges for
// each key that is asked for in vain.
func (s *Store) parts(ctx context.Context, firsts []Key) ([]Item, error) {
	items, err := s.Table.GetAll(ctx, firsts)
	if err != nil {
		return nil, err
	}
	var others []Key
	for _, first := range items {
		value := strings.TrimSuffix(first.Sort, "00")
		for part := 1; part < partsOf(first); part++ {
			others = append(others, Key{first.Partition, fmt.Sprintf("%s%02d", value, part)})
		}
	}
	if len(others) > 0 {
		more, err := s.Table.GetAll(ctx, others)
		if err != nil {
			return nil, err
		}
		items = append(items, more...)
	}
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Sort, b.Sort) })
	return items, nil
}

// partsOf returns the number of parts that a part names, or 0 if it is damaged.
func partsOf(item Item) int {
	if len(item.Body) < partHead {
		return 0
	}
	return min(int(item.Body[partHead-1]), maxParts)
}

// partHead is the beginning of each part: the digest, and the number of parts.
const partHead = len(digest{}) + 1

// monthItems splits a value into as many items as it needs. Each begins with a partHead.
func monthItems(of digest, text []byte, key func(part int) Key) ([]Item, error) {
	const op = "keep who was active"
	packed, err := deflated(op, text)
	if err != nil {
		return nil, err
	}
	parts := slices.Collect(slices.Chunk(packed, MaxBody-partHead))
	if len(parts) > maxParts {
		return nil, &fault.Error{Code: fault.TooMany, Op: op}
	}
	items := make([]Item, len(parts))
	for i, part := range parts {
		items[i] = Item{Key: key(i), Body: slices.Concat(of[:], []byte{byte(len(parts))}, part)} //nolint:gosec // a few
	}
	return items, nil
}

// joined returns the value in such items with its digest. It returns nil if the items do not belong together or some are missing.
func joined(items []Item) (of digest, text []byte) {
	var packed []byte
	for i, item := range items {
		parts := partsOf(item)
		if parts == 0 {
			return of, nil
		}
		if i == 0 {
			copy(of[:], item.Body)
			if parts <= len(items) {
				items = items[:parts] // the others belong to an earlier, longer value
			} else {
				return of, nil
			}
		}
		if i == len(items) {
			break
		}
		if digest(item.Body[:partHead-1]) != of {
			return of, nil
		}
		packed = append(packed, item.Body[partHead:]...)
	}
	if packed == nil {
		return of, nil
	}
	text, err := inflate("read who was active", packed)
	if err != nil {
		return of, nil // like a missing value
	}
	return of, text
}
