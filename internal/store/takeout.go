package store

import (
	"context"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// People are removed from stored days, one day after the other: everybody when a day is too old, or single people who must be
// forgotten. The totals of a day stay. Each step can be repeated. The caller must hold the lease, because a run that stores the day
// at the same time would bring the people back.

// RemovePeople removes everybody from a day: first the names of the items from the day, and then the items.
func (s *Store) RemovePeople(ctx context.Context, ref connector.Ref, date calendar.Date) error {
	day, err := s.Day(ctx, ref, date)
	if err != nil {
		return err
	}
	if day != nil && day.Users != nil {
		day.Remove()
		if err := s.Commit(ctx, ref, *day, nil); err != nil {
			return err
		}
	}
	ranges := []Range{usersRange(ref, date), peopleRange(ref, calendar.Range{From: date, To: date}), within(ref, "partial#"+date.String())}
	for _, r := range ranges {
		if err := s.deleteRange(ctx, r, func(Key) bool { return true }); err != nil {
			return err
		}
	}
	if date == date.EndOfMonth() { // the days of a month share their memberships
		if err := s.withoutMembers(ctx, ref, date, seat.Everybody); err != nil {
			return err
		}
		if err := s.withoutLimits(ctx, ref, date, seat.Everybody); err != nil {
			return err
		}
	}
	return s.withoutHolders(ctx, ref, date, seat.Everybody, true)
}

// Forget removes people from a day by their ids.
func (s *Store) Forget(ctx context.Context, ref connector.Ref, date calendar.Date, ids []int64) error {
	gone := among(ids)
	if err := s.deleteRange(ctx, within(ref, "partial#"+date.String()), func(Key) bool { return true }); err != nil {
		return err
	}
	day, err := s.Day(ctx, ref, date)
	if err != nil {
		return err
	}
	if day != nil && day.Users != nil {
		if err := s.forgetUsers(ctx, ref, day, ids, gone); err != nil {
			return err
		}
	}
	return s.withoutHolders(ctx, ref, date, gone, false)
}

// among returns a function that reports whether an id is in ids.
func among(ids []int64) func(userID int64) bool {
	some := make(map[int64]bool, len(ids))
	for _, id := range ids {
		some[id] = true
	}
	return func(userID int64) bool { return some[userID] }
}

// forgetUsers removes people from a day's pages, then from its set, and then stores in the day how many are left. The report keeps
// its name, so that reading it again finds nothing new.
func (s *Store) forgetUsers(ctx context.Context, ref connector.Ref, day *ledger.Day, ids []int64, gone func(int64) bool) error {
	op := "forget people of " + day.Date.String()
	var keys []Key
	for _, id := range ids {
		page := shard.Page(shard.Hash(id), day.Users.Pages)
		keys = append(keys, usersKey(ref, day.Date, day.Users.Hash, page), detailsKey(ref, day.Date, day.Users.Hash, page))
	}
	slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(a.Sort, b.Sort) })
	pages, err := s.Table.GetAll(ctx, slices.Compact(keys))
	if err != nil {
		return err
	}
	var writes []Item
	for _, page := range pages {
		left, changed, err := metrics.PageWithout(page.Body, gone)
		if err != nil {
			return failed(op, err)
		}
		if changed {
			writes = append(writes, Item{Key: page.Key, Body: left})
		}
	}
	sets, err := s.PeopleOf(ctx, ref, []ledger.Head{day.Head()})
	if err != nil {
		return err
	}
	active, err := metrics.ReadPeople(day.Date, sets[day.Date])
	if err != nil {
		return failed(op, err)
	}
	active.Leave(gone)
	left, people := active.Bytes(), active.Active()
	var surplus []Key
	if len(left) < len(sets[day.Date]) {
		parts := slices.Collect(slices.Chunk(left, MaxBody))
		for part, text := range parts {
			writes = append(writes, Item{Key: peopleKey(ref, day.Date, day.Users.Hash, part), Body: text})
		}
		surplus = append(surplus, peopleKey(ref, day.Date, day.Users.Hash, len(parts)))
	}
	if err := s.Table.PutAll(ctx, writes); err != nil {
		return err
	}
	if err := s.Table.DeleteAll(ctx, surplus); err != nil {
		return err
	}
	// Pages that were replaced lately have not expired yet, and contain them too.
	stale := func(key Key) bool { return setOf(key) != day.Users.Hash }
	if len(writes) > 0 || !day.Settled {
		if err := s.deleteRange(ctx, usersRange(ref, day.Date), stale); err != nil {
			return err
		}
		if err := s.deleteRange(ctx, peopleRange(ref, calendar.Range{From: day.Date, To: day.Date}), stale); err != nil {
			return err
		}
	}
	if people == day.Users.People {
		return nil
	}
	users := *day.Users
	users.Forgotten += users.People - people
	users.People = people
	day.Users = &users
	return s.Commit(ctx, ref, *day, nil)
}

// ForgetMonth removes people from what the days of a month share: its teams, its budgets and the values that are made from its people.
// The memberships keep their names, because the days name them. The caller must have removed the people from the month's days. KeepTeams,
// KeepTenures and KeepUsers make their values again.
func (s *Store) ForgetMonth(ctx context.Context, ref connector.Ref, month calendar.Date, ids []int64) error {
	gone := among(ids)
	if err := s.withoutLimits(ctx, ref, month, gone); err != nil {
		return err
	}
	if err := s.withoutMembers(ctx, ref, month, gone); err != nil {
		return err
	}
	for _, r := range []Range{
		activeMonthRange(ref, month), lastDaysRange(ref, month), teamMonthRange(ref, month), tenuresRange(ref, month), userMonthRange(ref, month),
	} {
		if err := s.deleteRange(ctx, r, func(Key) bool { return true }); err != nil {
			return err
		}
	}
	kept, err := s.renewed(ctx, ref, month.FirstOfMonth())
	if err != nil || kept == nil {
		return err
	}
	return s.Table.PutAll(ctx, slices.Concat(kept.byDay, kept.last))
}

// withoutLimits removes the names of people from the budgets of a month.
func (s *Store) withoutLimits(ctx context.Context, ref connector.Ref, month calendar.Date, gone func(int64) bool) error {
	parts, err := s.BillParts(ctx, ref, month)
	if err != nil {
		return err
	}
	budgets, changed := parts.Budgets.Renamed(func(of cost.Budget) string {
		if gone(of.UserID) {
			return ""
		}
		return of.Name
	})
	if !changed {
		return nil
	}
	parts.Budgets = budgets
	return s.PutBillParts(ctx, ref, month, parts)
}

// TidyActive renews the values of the months that contain some removed days, and the value of the year before a month. It deletes the
// values of other years, and those that KeepTeams, KeepTenures and KeepUsers make again. The days of a month share their memberships until its
// end, so until then the value of its teams stays too.
func (s *Store) TidyActive(ctx context.Context, ref connector.Ref, days calendar.Range, running calendar.Date) error {
	var months []calendar.Date
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		months = append(months, month)
	}
	if err := s.KeepActive(ctx, ref, months...); err != nil {
		return err
	}
	for _, month := range months {
		derived := []Range{tenuresRange(ref, month), userMonthRange(ref, month)}
		if month.EndOfMonth() <= days.To {
			derived = append(derived, teamMonthRange(ref, month))
		}
		for _, r := range derived {
			if err := s.deleteRange(ctx, r, func(Key) bool { return true }); err != nil {
				return err
			}
		}
	}
	return s.RenewYear(ctx, ref, running)
}

// RenewYear makes the value of the year before a month anew, because it names people who were removed from its months. It deletes the
// values of other years.
func (s *Store) RenewYear(ctx context.Context, ref connector.Ref, running calendar.Date) error {
	if err := s.deleteRange(ctx, within(ref, "lastyear#"), func(Key) bool { return true }); err != nil {
		return err
	}
	return s.KeepYear(ctx, ref, running)
}

// deleteRange deletes the items of a range for whose keys some returns true.
func (s *Store) deleteRange(ctx context.Context, r Range, some func(Key) bool) error {
	var keys []Key
	for item, err := range s.Table.Query(ctx, r) {
		if err != nil {
			return err
		}
		if some(item.Key) {
			keys = append(keys, item.Key)
		}
	}
	return s.Table.DeleteAll(ctx, keys)
}
