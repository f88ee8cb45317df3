package store

import (
	"context"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
)

// Teams returns what the people of each team did in a range of days, and who was in which team. It reads the stored values of the days
// and months, in one round. For a day without a current value it reads the numbers of all people of the day.
func (s *Store) Teams(ctx context.Context, ref connector.Ref, days calendar.Range) (*ledger.TeamRange, error) {
	var months []calendar.Date
	for first := days.From.FirstOfMonth(); first <= days.To; first = first.EndOfMonth() + 1 {
		months = append(months, first)
	}
	found := new(ledger.TeamRange)
	var items []Item
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { found.Heads, err = s.Heads(reading, ref, days); return err })
	group.Go(func() (err error) { found.Sums, err = s.teamDays(reading, ref, days); return err })
	group.Go(func() (err error) { items, err = s.parts(reading, keysOf(ref, months, teamMonthKey)); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, first := range months {
		found.Months = append(found.Months, keptTeamMonth(ref, items, first))
	}
	return found, (&teamReader{Store: s, ref: ref}).complete(ctx, found, days)
}

// complete computes the values that are missing or outdated.
func (t *teamReader) complete(ctx context.Context, found *ledger.TeamRange, days calendar.Range) error {
	standing := map[calendar.Date]ledger.Head{}
	for _, head := range found.Heads {
		standing[head.Date] = head
	}
	for _, month := range found.Months {
		for date := max(month.First, days.From); date <= min(month.First.EndOfMonth(), days.To); date++ {
			head, stored := standing[date]
			day := found.Sums[date]
			switch {
			case !stored:
				delete(found.Sums, date)
				if _, err := t.set(ctx, month, date, ""); err != nil {
					return err
				}
			case day != nil && day.Of(head):
				if _, err := t.set(ctx, month, date, day.Membership); err != nil {
					return err
				}
			default:
				day, of, err := t.day(ctx, head)
				if err != nil {
					return err
				}
				found.Sums[date] = day
				if err := month.Set(date, day.Membership, of); err != nil {
					return failed("read teams", err)
				}
			}
		}
	}
	return nil
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
		membership, _, err := reader.bySeats(ctx, date)
		return membership.NamesOf, err
	}
	month := keptTeamMonth(ref, items, date.FirstOfMonth())
	if _, err := reader.set(ctx, month, date, name); err != nil {
		return nil, err
	}
	return func(userID int64) []string { return month.On(userID, date) }, nil
}
