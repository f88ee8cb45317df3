package store

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// fewMonths is the number of months up to which the value of each month is read. For more months, the value of the twelve months
// before the last is shorter to read.
const fewMonths = 3

// LastUse returns the last active day of each person in a range of days, from the stored months: one round. Months without a
// current value, or with days after the range, need a second round, and months whose sets must be read a third. It returns the
// days from shown on.
func (s *Store) LastUse(ctx context.Context, ref connector.Ref, days calendar.Range, shown calendar.Date) (*ledger.LastUse, error) {
	u, err := s.beginLastUse(ctx, ref, days)
	if err != nil {
		return nil, err
	}
	use, err := u.end(ctx)
	if err != nil {
		return nil, err
	}
	use.Days, err = readDays(slices.DeleteFunc(u.items, func(item Item) bool {
		return item.Sort < dayKey(ref, shown).Sort || item.Sort > dayKey(ref, days.To).Sort
	}))
	return use, err
}

// Crowd returns the heads of the days of a range in one round, and count, which counts the distinct people on them. count returns
// nil if people of a day are missing. It needs up to two more rounds, like LastUse.
func (s *Store) Crowd(ctx context.Context, ref connector.Ref, days calendar.Range) (heads []ledger.Head, count func(context.Context) (*int, error), err error) {
	u, err := s.beginLastUse(ctx, ref, days)
	if err != nil {
		return nil, nil, err
	}
	for _, head := range u.heads {
		if days.From <= head.Date && head.Date <= days.To {
			heads = append(heads, head)
		}
	}
	return heads, func(ctx context.Context) (*int, error) {
		use, err := u.end(ctx)
		if err != nil || len(use.Lacking) > 0 {
			return nil, err
		}
		return new(int(use.Active())), nil
	}, nil
}

// lastUse is the state of LastUse and Crowd.
type lastUse struct {
	*Store
	ref     connector.Ref
	days    calendar.Range
	months  []calendar.Date // newest first
	items   []Item          // the days of all these months
	heads   []ledger.Head   // the heads of these days
	found   map[calendar.Date]*activity.LastDays
	year    *activity.LastDays // covers all months but the newest
	apart   bool               // the values of each month have been read
	lacking []calendar.Date
}

// beginLastUse reads the days, and the stored values of the newest month and of the months before it.
func (s *Store) beginLastUse(ctx context.Context, ref connector.Ref, days calendar.Range) (*lastUse, error) {
	u := &lastUse{Store: s, ref: ref, days: days, found: map[calendar.Date]*activity.LastDays{}}
	for month := days.To.FirstOfMonth(); month >= days.From.FirstOfMonth(); month = (month - 1).FirstOfMonth() {
		u.months = append(u.months, month)
	}
	newest, first := u.months[0], u.months[len(u.months)-1]
	long := len(u.months) > fewMonths && first >= yearBefore(newest)
	u.apart = !long
	months, years := u.months, []calendar.Date(nil)
	if long {
		months, years, first = u.months[:1], u.months[:1], min(first, yearBefore(newest))
	}
	var kept []Item
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		kept, err = u.parts(ctx, append(keysOf(u.ref, months, lastDaysKey), keysOf(u.ref, years, yearKey)...))
		return err
	})
	group.Go(func() (err error) {
		u.items, err = u.dayItems(ctx, u.ref, calendar.Range{From: first, To: u.days.To.EndOfMonth()})
		return err
	})
	err := group.Wait()
	if err == nil {
		u.heads, err = readHeads(u.items)
	}
	if err != nil {
		return nil, err
	}
	if long {
		u.takeYear(kept)
	}
	u.take(kept)
	return u, nil
}

// end reads the months that have not been found yet.
func (u *lastUse) end(ctx context.Context) (*ledger.LastUse, error) {
	if err := u.onByMonths(ctx); err != nil {
		return nil, err
	}
	if err := u.onBySets(ctx); err != nil {
		return nil, err
	}
	use := &ledger.LastUse{LastUse: activity.LastUse{From: u.days.From}, Lacking: u.lacking}
	for _, month := range u.months {
		use.Months = append(use.Months, u.found[month])
	}
	if u.year != nil {
		use.Months = append(use.Months[:1], u.year)
	}
	return use, nil
}

// takeYear uses the value of the twelve months before the newest, if it is current.
func (u *lastUse) takeYear(kept []Item) {
	first := yearBefore(u.months[0])
	want, some := yearDigest(u.months[0], u.heads)
	if !some {
		u.year = activity.NoLastDays(first)
		return
	}
	if of, text := joined(ofMonth(kept, yearKey(u.ref, u.months[0], 0))); text != nil && of == want {
		u.year, _ = activity.ReadLastDays(first, text) // nil if it is damaged
	}
}

// take uses the values of months that are current and have no days after the range.
func (u *lastUse) take(kept []Item) {
	for _, month := range u.months {
		reports := reportsOf(month, u.heads)
		if reports == (activity.Reports{}) {
			u.found[month] = activity.NoLastDays(month)
			continue
		}
		if u.found[month] != nil || goesOn(month, u.days.To, reports) {
			continue
		}
		if of, text := joined(ofMonth(kept, lastDaysKey(u.ref, month, 0))); text != nil && of == digestOf(reports) {
			if last, err := activity.ReadLastDays(month, text); err == nil {
				u.found[month] = last
			}
		}
	}
}

// goesOn reports whether a month has reports for days after the last.
func goesOn(month, last calendar.Date, reports activity.Reports) bool {
	for i, report := range reports {
		if report != "" && month+calendar.Date(i) > last {
			return true
		}
	}
	return false
}

// left returns the months that have not been found yet, newest first.
func (u *lastUse) left() (months []calendar.Date) {
	for i, month := range u.months {
		if u.found[month] == nil && (i == 0 || u.year == nil) {
			months = append(months, month)
		}
	}
	return months
}

// onByMonths reads the values of each month that is left. For the newest it reads the value by days.
func (u *lastUse) onByMonths(ctx context.Context) error {
	left := u.left()
	if len(left) == 0 {
		return nil
	}
	var active *activity.Month
	group, ctx := errgroup.WithContext(ctx)
	newest := u.months[0]
	if left[0] == newest {
		group.Go(func() (err error) { active, err = u.activeMonth(ctx, u.ref, newest); return err })
		left = left[1:]
	}
	var kept []Item
	if !u.apart {
		group.Go(func() (err error) { kept, err = u.parts(ctx, keysOf(u.ref, left, lastDaysKey)); return err })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if active != nil && active.Reports == reportsOf(newest, u.heads) {
		u.found[newest] = active.LastDays(u.days.To)
	}
	u.take(kept)
	return nil
}

// onBySets reads the sets of the days of the months that are left.
func (u *lastUse) onBySets(ctx context.Context) error {
	left := u.left()
	var days []ledger.Head
	for _, day := range u.heads {
		if day.Users != nil && u.days.From <= day.Date && day.Date <= u.days.To && slices.Contains(left, day.Date.FirstOfMonth()) {
			days = append(days, day)
		}
	}
	sets, err := u.PeopleOf(ctx, u.ref, days)
	if err != nil {
		return err
	}
	months := map[calendar.Date]*activity.Month{}
	for _, month := range left {
		months[month] = &activity.Month{First: month}
	}
	for _, day := range days {
		if err := fault.InTime(ctx, "read who was active"); err != nil {
			return err
		}
		active := months[day.Date.FirstOfMonth()]
		if err := active.Set(day.Date, day.Users.Hash, sets[day.Date]); err != nil {
			return failed("read the people of "+day.Date.String(), err)
		}
		if active.On(day.Date) != day.Users.People {
			u.lacking = append(u.lacking, day.Date)
		}
	}
	for month, active := range months {
		u.found[month] = active.LastDays(u.days.To)
	}
	return nil
}

// ofMonth returns the items that belong to the same value as the first key.
func ofMonth(items []Item, first Key) []Item {
	prefix := strings.TrimSuffix(first.Sort, "00")
	return slices.DeleteFunc(slices.Clone(items), func(item Item) bool { return !strings.HasPrefix(item.Sort, prefix) })
}
