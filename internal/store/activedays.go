package store

import (
	"context"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// ActiveDays returns the days of a range and who was active on them, from the stored months: one round. For days without a current
// month it reads their sets, in a second round.
func (s *Store) ActiveDays(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.Active, error) {
	found := new(ledger.Active)
	var months []calendar.Date
	for first := days.From.FirstOfMonth(); first <= days.To; first = first.EndOfMonth() + 1 {
		months = append(months, first)
	}
	var kept []Item
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { kept, err = s.parts(reading, keysOf(ref, months, activeMonthKey)); return err })
	group.Go(func() (err error) { found.Days, err = s.Days(reading, ref, days); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	standing := map[calendar.Date]ledger.Head{}
	for _, day := range ledger.HeadsOf(found.Days) {
		standing[day.Date] = day
	}
	var changed []ledger.Head
	for _, first := range months {
		month := keptMonth(ref, kept, first)
		found.Months = append(found.Months, month)
		for date := max(first, days.From); date <= min(first.EndOfMonth(), days.To); date++ {
			day, report := standing[date], ""
			if day.Users != nil {
				report = day.Users.Hash
			}
			if day.Date = date; month.Reports[date-first] != report {
				changed = append(changed, day)
			}
		}
	}
	return found, s.setDays(ctx, ref, found, changed)
}

// keptMonth returns the stored month, or a month of nobody if there is none that can be read.
func keptMonth(ref connector.Ref, kept []Item, first calendar.Date) *activity.Month {
	if _, text := joined(ofMonth(kept, activeMonthKey(ref, first, 0))); text != nil {
		if month, err := activity.ReadMonth(first, text); err == nil {
			return month
		}
	}
	return &activity.Month{First: first}
}

// setDays replaces days of the months by the sets of these days.
func (s *Store) setDays(ctx context.Context, ref connector.Ref, found *ledger.Active, changed []ledger.Head) error {
	sets, err := s.PeopleOf(ctx, ref, changed)
	if err != nil {
		return err
	}
	months := map[calendar.Date]*activity.Month{}
	for _, month := range found.Months {
		months[month.First] = month
	}
	for _, day := range changed {
		if err := fault.InTime(ctx, "read who was active"); err != nil {
			return err
		}
		month, report := months[day.Date.FirstOfMonth()], ""
		if day.Users != nil {
			report = day.Users.Hash
		}
		if err := month.Set(day.Date, report, sets[day.Date]); err != nil {
			return failed("read the people of "+day.Date.String(), err)
		}
		if day.Users != nil && month.On(day.Date) != day.Users.People {
			found.Lacking = append(found.Lacking, day.Date)
		}
	}
	return nil
}
