package store

import (
	"context"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// A list of people over a year adds up 366 days of each person. For a month that is over, pages like those of a day have what each person
// did in it. Their name tells from which reports they were made, so a reader never takes outdated ones. If they are missing, it reads the
// days.

// keptAtOnce is about how many pages of days KeepUsers reads at once.
const keptAtOnce = 400

// KeepUsers stores what each person did in a month, unless it is stored. It does nothing until the month has been over for some days. A
// month with a person whose sums are too large is not stored.
func (s *Store) KeepUsers(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	first := month.FirstOfMonth()
	if !ledger.MonthKept(first, calendar.DateOf(s.Now())) {
		return nil
	}
	days, err := s.Heads(ctx, ref, calendar.Range{From: first, To: first.EndOfMonth()})
	if err != nil {
		return err
	}
	of := ledger.MonthOf(days)
	if of == nil {
		return nil
	}
	if kept, err := s.Table.Get(ctx, userMonthKey(ref, first, of.Hash, 0)); err != nil || kept != nil {
		return err
	}
	some := max(keptAtOnce/len(days), 1)
	for page := (of.Pages - 1) / some * some; page >= 0; page -= some { // the first page last: it shows that all are stored
		items, err := s.userMonthPages(ctx, ref, first, days, of, page, min(page+some, of.Pages)-1)
		if err != nil || items == nil {
			return err
		}
		if err := s.Table.PutAll(ctx, items[1:]); err != nil {
			return err
		}
		if err := s.Table.PutAll(ctx, items[:1]); err != nil {
			return err
		}
	}
	return s.expireBut(ctx, userMonthRange(ref, first), of.Hash)
}

// userMonthPages makes some pages of a month. It returns nil if one of them cannot be stored.
func (s *Store) userMonthPages(ctx context.Context, ref connector.Ref, month calendar.Date, days []ledger.Head, of *ledger.Users, first, last int) ([]Item, error) {
	all := shard.Pages(first, last, of.Pages)
	read, err := s.UsersPages(ctx, ref, days, func(day ledger.Head) []int {
		return numbersFrom(shard.Page(all.From, day.Users.Pages), shard.Page(all.To, day.Users.Pages))
	})
	if err != nil {
		return nil, err
	}
	var items []Item
	for number := first; number <= last; number++ {
		sums := metrics.UserSums{Month: month}
		wanted := shard.Pages(number, number, of.Pages)
		for _, day := range days {
			if day.Users == nil {
				continue
			}
			err := errors.New("a page is not there")
			begin := shard.Page(all.From, day.Users.Pages)
			if page := read[day.Date][shard.Page(wanted.From, day.Users.Pages)-begin]; page != nil {
				err = sums.AddPage(day.Date, page, wanted)
			}
			if err != nil {
				return nil, failed("read the people of "+day.Date.String(), err)
			}
		}
		body, ok := sums.MonthPage()
		if !ok || len(body) > MaxBody {
			return nil, nil
		}
		items = append(items, Item{Key: userMonthKey(ref, month, of.Hash, number), Body: body})
	}
	return items, nil
}
