package store

import (
	"context"
	"crypto/sha256"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// KeepYear renews the value of the twelve months before a month, from the values of each of them.
func (s *Store) KeepYear(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	return s.keepYear(ctx, ref, month.FirstOfMonth(), nil)
}

// keepYear is KeepYear with values of months that are about to be stored. It writes nothing if the value of a month is damaged, because
// the year would lack the month's people.
func (s *Store) keepYear(ctx context.Context, ref connector.Ref, month calendar.Date, renewed map[calendar.Date]*keptActive) error {
	kept, err := s.sideBySide(ctx, []Range{lastDaysOfYear(ref, month)})
	if err != nil {
		return err
	}
	year, of := activity.NoLastDays(yearBefore(month)), sha256.New()
	for first := yearBefore(month); first < month; first = first.EndOfMonth() + 1 {
		items := ofMonth(kept, lastDaysKey(ref, first, 0))
		if own := renewed[first]; own != nil {
			items = own.last
		}
		reports := digestOf(activity.Reports{}) // a reader who finds reports does not use the year
		if len(items) > 0 {
			var text []byte
			if reports, text = joined(items); text == nil {
				return nil
			}
			last, err := activity.ReadLastDays(first, text)
			if err != nil {
				return nil //nolint:nilerr // documented
			}
			year = last.After(year)
		}
		of.Write(reports[:])
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
