package store

import (
	"context"
	"slices"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// LastUse returns when each was active last in a range of days, by what is kept of each month: one round. A month of which
// nothing is kept that stands, or which goes on behind the range, takes another.
func (s *Store) LastUse(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.LastUse, error) {
	reach := calendar.Range{From: days.From.FirstOfMonth(), To: days.To.EndOfMonth()}
	var months []calendar.Date // newest first
	var ranges []Range
	for month := days.To.FirstOfMonth(); month >= reach.From; month = (month - 1).FirstOfMonth() {
		months, ranges = append(months, month), append(ranges, lastDaysRange(ref, month))
	}
	var kept []Item
	var keptErr error
	var wg sync.WaitGroup
	wg.Go(func() { kept, keptErr = s.sideBySide(ctx, ranges) })
	heads, err := s.Days(ctx, ref, reach)
	wg.Wait()
	if err == nil {
		err = keptErr
	}
	if err != nil {
		return nil, err
	}
	use := &ledger.LastUse{LastUse: metrics.LastUse{From: days.From, Months: make([]*metrics.LastDays, len(months))}}
	for _, day := range heads {
		if days.From <= day.Date && day.Date <= days.To {
			use.Days = append(use.Days, day)
		}
	}
	var rest []int // months that are to be made of more
	for i, month := range months {
		reports := reportsOf(month, heads)
		if use.Months[i] = lastDays(month, days.To, reports, kept); use.Months[i] == nil {
			rest = append(rest, i)
		}
	}
	return use, s.restOf(ctx, ref, use, months, rest, days.To, heads)
}

// lastDays returns what is kept of a month, nil where it does not stand, or tells of days behind the last.
func lastDays(month, until calendar.Date, reports metrics.MonthReports, kept []Item) *metrics.LastDays {
	if reports == (metrics.MonthReports{}) {
		return &metrics.LastDays{}
	}
	for i, report := range reports {
		if report != "" && month+calendar.Date(i) > until {
			return nil
		}
	}
	of, text := joined(ofMonth(kept, month))
	if text == nil || of != digestOf(reports) {
		return nil
	}
	last, err := metrics.ReadLastDays(month, text)
	if err != nil {
		return nil
	}
	return last
}

// ofMonth returns those of the items that are of a month.
func ofMonth(items []Item, month calendar.Date) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(item Item) bool { return !isOfMonth(item.Key, month) })
}

// restOf finds the last days of the months that are left: of the newest by its days, if they are kept, else by their sets.
func (s *Store) restOf(ctx context.Context, ref connector.Ref, use *ledger.LastUse, months []calendar.Date, rest []int, until calendar.Date, heads []ledger.Day) error {
	if len(rest) > 0 && rest[0] == 0 {
		active, err := s.activeMonth(ctx, ref, months[0])
		if err != nil {
			return err
		}
		if active != nil && active.Reports == reportsOf(months[0], heads) {
			use.Months[0], rest = active.LastDays(until), rest[1:]
		}
	}
	var days []ledger.Day
	for _, i := range rest {
		for _, day := range use.Days {
			if day.Date.FirstOfMonth() == months[i] {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, func(a, b ledger.Day) int { return int(a.Date - b.Date) })
	sets, err := s.PeopleOf(ctx, ref, days)
	if err != nil {
		return err
	}
	for _, i := range rest {
		active := &metrics.ActiveMonth{First: months[i]}
		for _, day := range days {
			if day.Users == nil || day.Date.FirstOfMonth() != months[i] {
				continue
			}
			if err := active.Set(day.Date, day.Users.Hash, sets[day.Date]); err != nil {
				return failed("read the people of "+day.Date.String(), err)
			}
			if active.On(day.Date) != day.Users.People {
				use.Lacking = append(use.Lacking, day.Date)
			}
		}
		use.Months[i] = active.LastDays(until)
	}
	return nil
}
