package store

import (
	"context"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// For each month two values are kept that are derived from the sets of its days. Both name the per-user reports from which they
// were made. A reader uses them only if these are the current reports. So an outdated value never gives a wrong number, even if
// a run has crashed before it renewed the value.

// KeepActive renews the values of some months if the people of one of their days have changed, or if a value is lost or damaged. It
// reads only the sets of changed days. If it renews a month that is over, it also renews the value of the year before the running month.
// It writes the year first, because only an outdated month tells the next run that the year may be outdated too. A value that cannot be
// made is left as it is, because readers can use the sets instead.
func (s *Store) KeepActive(ctx context.Context, ref connector.Ref, months ...calendar.Date) error {
	running := calendar.DateOf(s.Now()).FirstOfMonth()
	renewed := map[calendar.Date]*keptActive{}
	var errs []error
	over := false
	for _, month := range months {
		month = month.FirstOfMonth()
		kept, err := s.renewed(ctx, ref, month)
		if err != nil {
			errs = append(errs, err)
		} else if kept != nil {
			renewed[month] = kept
			over = over || month < running
		}
	}
	if len(renewed) == 0 {
		return errors.Join(errs...)
	}
	if over {
		if err := s.keepYear(ctx, ref, running, renewed); err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
	var writes []Item
	for _, kept := range renewed {
		writes = append(append(writes, kept.byDay...), kept.last...)
	}
	return errors.Join(append(errs, s.Table.PutAll(ctx, writes))...)
}

// keptActive is the items of the values of a month.
type keptActive struct{ byDay, last []Item }

// renewed returns the values of a month, or nil if those that are stored are current or if new ones cannot be made.
func (s *Store) renewed(ctx context.Context, ref connector.Ref, first calendar.Date) (*keptActive, error) {
	days, err := s.Heads(ctx, ref, calendar.Range{From: first, To: first.EndOfMonth()})
	if err != nil {
		return nil, err
	}
	months := []calendar.Date{first}
	items, err := s.parts(ctx, append(keysOf(ref, months, activeMonthKey), keysOf(ref, months, lastDaysKey)...))
	if err != nil {
		return nil, err
	}
	active, reports := keptMonth(ref, items, first), reportsOf(first, days)
	lastDays := ofMonth(items, lastDaysKey(ref, first, 0))
	of, last := joined(lastDays)
	changed := slices.DeleteFunc(days, func(day ledger.Head) bool {
		return active.Reports[day.Date-first] == reports[day.Date-first]
	})
	stands := last != nil && of == digestOf(reports) || len(lastDays) == 0 && reports == activity.Reports{}
	if len(changed) == 0 && stands {
		return nil, nil //nolint:nilnil // documented
	}
	sets, err := s.PeopleOf(ctx, ref, changed)
	if err != nil {
		return nil, err
	}
	const op = "keep who was active"
	for _, day := range changed {
		if err := active.Set(day.Date, reports[day.Date-first], sets[day.Date]); err != nil {
			return nil, failed(op, err)
		}
		if day.Users != nil && active.On(day.Date) != day.Users.People {
			return nil, nil //nolint:nilnil // a part of its set is missing
		}
	}
	kept := new(keptActive)
	of = digestOf(reports)
	kept.byDay, err = monthItems(of, active.Bytes(), func(part int) Key { return activeMonthKey(ref, first, part) })
	if err != nil {
		return nil, err
	}
	kept.last, err = monthItems(of, active.LastDays(first.EndOfMonth()).Bytes(), func(part int) Key { return lastDaysKey(ref, first, part) })
	return kept, err
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
