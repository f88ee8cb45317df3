package store

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// Teams returns what the people of each team did in a range of days, and who was in which team. It reads the stored values of the days
// and months, in one round. For a day without a current value it reads the numbers of all people of the day.
func (s *Store) Teams(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.TeamRange, error) {
	t := &teamReader{Store: s, ref: ref}
	found := &ledger.TeamRange{Totals: map[calendar.Date]*team.Sums{}}
	var items []Item
	months := monthsOf(days)
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { found.Heads, err = s.Heads(reading, ref, days); return err })
	group.Go(func() (err error) { found.Sums, err = s.teamDays(reading, ref, days); return err })
	group.Go(func() (err error) { items, err = s.parts(reading, keysOf(ref, months, teamMonthKey)); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return found, t.complete(ctx, found, days, items)
}

// TeamTotals is like Teams, but if it can it reads the sums of whole months instead of their days. It takes one more round for months of
// which the range has only a part.
func (s *Store) TeamTotals(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.TeamRange, error) {
	t := &teamReader{Store: s, ref: ref}
	found := &ledger.TeamRange{Totals: map[calendar.Date]*team.Sums{}}
	var items []Item
	months := monthsOf(days)
	keys := append(keysOf(ref, months, teamMonthKey), keysOf(ref, months, teamSumsKey)...)
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { found.Heads, err = s.Heads(reading, ref, days); return err })
	group.Go(func() (err error) { items, err = s.parts(reading, keys); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var kept []*ledger.TeamMonth
	var others []calendar.Range
	for _, month := range months {
		if err := fault.InTime(ctx, "read teams"); err != nil {
			return nil, err
		}
		part := calendar.Range{From: max(month, days.From), To: min(month.EndOfMonth(), days.To)}
		if sums := keptSums(ref, items, month); sums != nil && sums.Of(headsIn(found.Heads, part)) {
			kept, found.Totals[month] = append(kept, sums), sums.Sums
		} else {
			others = append(others, part)
		}
	}
	var err error
	if found.Sums, err = s.teamDays(ctx, ref, others...); err != nil {
		return nil, err
	}
	for _, month := range kept {
		for i := range month.Days {
			found.Sums[month.Days[i].Date] = &month.Days[i]
		}
	}
	return found, t.complete(ctx, found, days, items)
}

func headsIn(heads []ledger.Head, days calendar.Range) []ledger.Head {
	return slices.DeleteFunc(slices.Clone(heads), func(h ledger.Head) bool { return h.Date < days.From || h.Date > days.To })
}

// monthsOf returns the first days of the months in which a range lies.
func monthsOf(days calendar.Range) (months []calendar.Date) {
	for first := days.From.FirstOfMonth(); first <= days.To; first = first.EndOfMonth() + 1 {
		months = append(months, first)
	}
	return months
}

// complete takes the stored months from items, and computes the values that are missing or outdated.
func (t *teamReader) complete(ctx context.Context, found *ledger.TeamRange, days calendar.Range, items []Item) error {
	for _, first := range monthsOf(days) {
		if err := fault.InTime(ctx, "read teams"); err != nil {
			return err
		}
		found.Months = append(found.Months, keptTeamMonth(t.ref, items, first))
	}
	standing := map[calendar.Date]ledger.Head{}
	var missing []ledger.Head // days without a current value
	for _, head := range found.Heads {
		standing[head.Date] = head
		if day := found.Sums[head.Date]; day == nil || !day.Of(head) {
			missing = append(missing, head)
		}
	}
	if err := t.readAhead(ctx, t.unread(found, days, standing), withoutReport(missing)); err != nil {
		return err
	}
	months := map[calendar.Date]*team.Month{}
	for _, month := range found.Months {
		months[month.First] = month
		for date := max(month.First, days.From); date <= min(month.First.EndOfMonth(), days.To); date++ {
			name := ""
			if head, stored := standing[date]; !stored {
				delete(found.Sums, date)
			} else if day := found.Sums[date]; day == nil || !day.Of(head) {
				continue
			} else {
				name = day.Membership
			}
			if _, err := t.set(ctx, month, date, name); err != nil {
				return err
			}
		}
	}
	return t.eachDay(ctx, missing, func(day *ledger.TeamDay, of *team.Membership) error {
		found.Sums[day.Date] = day
		if err := months[day.Date.FirstOfMonth()].Set(day.Date, day.Membership, of); err != nil {
			return failed("read teams", err)
		}
		return nil
	})
}

// unread returns the keys of the memberships that the stored months lack.
func (t *teamReader) unread(found *ledger.TeamRange, days calendar.Range, standing map[calendar.Date]ledger.Head) (firsts []Key) {
	for _, month := range found.Months {
		for date := max(month.First, days.From); date <= min(month.First.EndOfMonth(), days.To); date++ {
			head, stored := standing[date]
			name := ""
			if day := found.Sums[date]; day != nil && day.Of(head) {
				name = day.Membership
			} else if head.Teams != nil {
				name = head.Teams.Hash
			}
			if stored && name != "" && name != month.Of[date-month.First] {
				firsts = append(firsts, membershipKey(t.ref, date, name, 0))
			}
		}
	}
	return firsts
}

// TeamsOn returns the teams of people on a day, in the order of names, from the day's report or from its seats. It takes one round if
// the value of the month is stored.
func (s *Store) TeamsOn(ctx context.Context, ref connector.Ref, date calendar.Date) (of func(userID int64) []string, err error) {
	one := calendar.Range{From: date, To: date}
	var heads []ledger.Head
	var kept map[calendar.Date]*ledger.TeamDay
	var items []Item
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { heads, err = s.Heads(reading, ref, one); return err })
	group.Go(func() (err error) { kept, err = s.teamDays(reading, ref, one); return err })
	group.Go(func() (err error) {
		items, err = s.parts(reading, keysOf(ref, []calendar.Date{date.FirstOfMonth()}, teamMonthKey))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	reader, name := &teamReader{Store: s, ref: ref}, ""
	switch day := kept[date]; {
	case len(heads) > 0 && heads[0].Teams != nil:
		name = heads[0].Teams.Hash
	case len(heads) > 0 && day != nil && day.Of(heads[0]):
		name = day.Membership
	default:
		membership, err := reader.onlyBySeats(ctx, date)
		if err != nil {
			return nil, err
		}
		return membership.NamesOf, nil
	}
	month := keptTeamMonth(ref, items, date.FirstOfMonth())
	if _, err := reader.set(ctx, month, date, name); err != nil {
		return nil, err
	}
	return func(userID int64) []string { return month.On(userID, date) }, nil
}
