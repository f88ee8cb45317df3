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
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// For each month two values are kept that are derived from the sets of its days. Both name the per-user reports from which they
// were made. A reader uses them only if these are the current reports. So an outdated value never gives a wrong number, even if
// a run has crashed before it renewed the value.

// KeepActive renews the values of a month if the people of one of its days have changed. It reads only the sets of those days.
// A value that cannot be made is left as it is, because readers can use the sets instead.
func (s *Store) KeepActive(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	first := month.FirstOfMonth()
	days, err := s.Heads(ctx, ref, calendar.Range{From: first, To: first.EndOfMonth()})
	if err != nil {
		return err
	}
	active, err := s.activeMonth(ctx, ref, first)
	if err != nil {
		return err
	}
	if active == nil {
		active = &activity.Month{First: first}
	}
	reports := reportsOf(first, days)
	changed := slices.DeleteFunc(slices.Clone(days), func(day ledger.Head) bool {
		return active.Reports[day.Date-first] == reports[day.Date-first]
	})
	if len(changed) == 0 {
		return nil
	}
	sets, err := s.PeopleOf(ctx, ref, changed)
	if err != nil {
		return err
	}
	for _, day := range changed {
		if err := active.Set(day.Date, reports[day.Date-first], sets[day.Date]); err != nil {
			return failed("keep who was active", err)
		}
		if day.Users != nil && active.On(day.Date) != day.Users.People {
			return nil // a part of its set is missing
		}
	}
	of := digestOf(reports)
	items, err := monthItems(of, active.Bytes(), func(part int) Key { return activeMonthKey(ref, first, part) })
	if err != nil {
		return err
	}
	last, err := monthItems(of, active.LastDays(first.EndOfMonth()).Bytes(), func(part int) Key { return lastDaysKey(ref, first, part) })
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, append(items, last...))
}

// reportsOf returns the names of the current per-user reports of the days of a month.
func reportsOf(first calendar.Date, days []ledger.Head) (reports activity.Reports) {
	for _, day := range days {
		if day.Users != nil && first <= day.Date && day.Date <= first.EndOfMonth() {
			reports[day.Date-first] = day.Users.Hash
		}
	}
	return reports
}

// activeMonth returns the stored month, or nil if there is none that can be read.
func (s *Store) activeMonth(ctx context.Context, ref connector.Ref, first calendar.Date) (*activity.Month, error) {
	items, err := s.parts(ctx, keysOf(ref, []calendar.Date{first}, activeMonthKey))
	if err != nil {
		return nil, err
	}
	_, text := joined(items)
	if text == nil {
		return nil, nil //nolint:nilnil // documented
	}
	active, err := activity.ReadMonth(first, text)
	if err != nil {
		return nil, nil //nolint:nilnil,nilerr // documented
	}
	return active, nil
}

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

// KeepYear renews the value of the twelve months before a month, from the values of each of them.
func (s *Store) KeepYear(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	month = month.FirstOfMonth()
	kept, err := s.sideBySide(ctx, []Range{lastDaysOfYear(ref, month)})
	if err != nil {
		return err
	}
	year, of := activity.NoLastDays(yearBefore(month)), sha256.New()
	for first := yearBefore(month); first < month; first = first.EndOfMonth() + 1 {
		items := ofMonth(kept, lastDaysKey(ref, first, 0))
		reports, text := joined(items)
		if len(items) == 0 {
			reports = digestOf(activity.Reports{})
		}
		of.Write(reports[:])
		if text == nil {
			continue // the values of the months are outdated, unless there are no reports
		}
		last, err := activity.ReadLastDays(first, text)
		if err != nil {
			return failed("keep who was active", err)
		}
		year = last.After(year)
	}
	items, err := monthItems(digest(of.Sum(nil)[:len(digest{})]), year.Bytes(), func(part int) Key { return yearKey(ref, month, part) })
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, items)
}

// yearDigest returns a hash of the names of the reports of the twelve months before a month, and false if there are none.
func yearDigest(month calendar.Date, heads []ledger.Head) (d digest, any bool) {
	of := sha256.New()
	for first := yearBefore(month); first < month; first = first.EndOfMonth() + 1 {
		reports := reportsOf(first, heads)
		any = any || reports != activity.Reports{}
		one := digestOf(reports)
		of.Write(one[:])
	}
	copy(d[:], of.Sum(nil))
	return d, any
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
