package store

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// Of a month two things are kept that follow from the sets of its days. Both name the per-user reports that they are of,
// and count only where these are the ones that stand: a reader never takes an old one for the truth, whoever has died
// before it was made anew.

// KeepActive makes anew what is kept of a month's people, where a day of it has other ones. It reads those days' sets only.
// What cannot be made is left as it is: the sets tell the same.
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
			return nil // its set is not all there
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

// reportsOf names the per-user reports that stand of the days of a month.
func reportsOf(first calendar.Date, days []ledger.Head) (reports activity.Reports) {
	for _, day := range days {
		if day.Users != nil && first <= day.Date && day.Date <= first.EndOfMonth() {
			reports[day.Date-first] = day.Users.Hash
		}
	}
	return reports
}

// activeMonth returns what is kept of a month, nil where nothing is that can be read.
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

// digest stands for the reports of a month.
type digest [16]byte

func digestOf(reports activity.Reports) (d digest) {
	sum := sha256.New()
	for _, report := range reports {
		sum.Write([]byte(report + "\n"))
	}
	copy(d[:], sum.Sum(nil))
	return d
}

// KeepYear makes anew what is kept of the twelve months before one: of what is kept of each.
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
			continue // the months are not those that stand, unless there are no reports
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

// yearDigest stands for the reports of the twelve months before one. Not any: there are none.
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

// maxParts is in how many items such a text may lie. All are asked for at once, as nobody knows how many there are: a query
// answers a megabyte in a round. They are enough for the people of the largest account.
const maxParts = 8

func keysOf(ref connector.Ref, months []calendar.Date, key func(ref connector.Ref, month calendar.Date, part int) Key) (keys []Key) {
	for _, month := range months {
		for part := range maxParts {
			keys = append(keys, key(ref, month, part))
		}
	}
	return keys
}

// parts returns those of the items that are there, in their order.
func (s *Store) parts(ctx context.Context, keys []Key) ([]Item, error) {
	items, err := s.Table.GetAll(ctx, keys)
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Sort, b.Sort) })
	return items, err
}

// partHead is what is before each part of a month: the digest, and how many parts there are.
const partHead = len(digest{}) + 1

// monthItems returns a text in as many items as it takes, each of which tells of which reports it is.
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

// joined returns the text of such items and what it is of; nil where they do not belong together, or are not all there.
func joined(items []Item) (of digest, text []byte) {
	var packed []byte
	for i, item := range items {
		if len(item.Body) < partHead {
			return of, nil
		}
		if i == 0 {
			copy(of[:], item.Body)
			if parts := int(item.Body[partHead-1]); parts <= len(items) {
				items = items[:parts] // those behind are of an earlier text
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
		return of, nil // as one that is not there
	}
	return of, text
}
