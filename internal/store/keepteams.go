package store

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// peopleAtOnce bounds the people whose numbers one KeepTeams reads. The next KeepTeams continues with the other days.
const peopleAtOnce = 2_000_000

// KeepTeams renews the values of a month's teams and their sums if a day of the month has other people or teams. It lets memberships expire that no
// day names any more. The caller must hold the lease, because a membership that another run is about to name would expire as well.
func (s *Store) KeepTeams(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	first := month.FirstOfMonth()
	days := calendar.Range{From: first, To: first.EndOfMonth()}
	heads, err := s.Heads(ctx, ref, days)
	if err != nil {
		return err
	}
	kept, err := s.teamDays(ctx, ref, days)
	if err != nil {
		return err
	}
	reader := &teamReader{Store: s, ref: ref}
	if err := reader.keepDays(ctx, heads, kept); err != nil {
		return err
	}
	months := []calendar.Date{first}
	items, err := s.parts(ctx, append(keysOf(ref, months, teamMonthKey), keysOf(ref, months, teamSumsKey)...))
	if err != nil {
		return err
	}
	of, sums := keptTeamMonth(ref, items, first), keptSums(ref, items, first)
	var current []*ledger.TeamDay
	named := map[string]bool{}
	changed := false
	for _, head := range heads {
		name := ""
		if day := kept[head.Date]; day != nil && day.Of(head) {
			name, named[day.Membership] = day.Membership, true
			current = append(current, day)
		}
		if head.Teams != nil {
			named[head.Teams.Hash] = true
		}
		set, err := reader.set(ctx, of, head.Date, name)
		if err != nil {
			return err
		}
		changed = changed || set
	}
	var writes []Item
	if changed {
		text := of.Bytes()
		if writes, err = monthItems(digestOfText(text), text, func(part int) Key { return teamMonthKey(ref, first, part) }); err != nil {
			return err
		}
	}
	if len(current) == len(heads) {
		more, err := renewedSums(ref, first, sums, current)
		if err != nil {
			return err
		}
		writes = append(writes, more...)
	}
	if len(writes) == 0 {
		return nil
	}
	if changed { // before the month is written, so that a run that ends in between is repeated
		if err := s.expireMemberships(ctx, ref, first, named); err != nil {
			return err
		}
	}
	return s.Table.PutAll(ctx, writes)
}

// keepDays renews the values of days that have other people or teams, or whose seats were not known.
func (t *teamReader) keepDays(ctx context.Context, heads []ledger.Head, kept map[calendar.Date]*ledger.TeamDay) error {
	unsure := slices.DeleteFunc(slices.Clone(heads), func(head ledger.Head) bool { return sure(kept[head.Date], head) })
	if err := t.readAhead(ctx, nil, withoutReport(unsure)); err != nil {
		return err
	}
	var people int64
	var outdated []ledger.Head
	for _, head := range unsure {
		if day := kept[head.Date]; day != nil && day.Of(head) && t.nearest[head.Date] == nil || people > peopleAtOnce {
			continue
		}
		if outdated = append(outdated, head); head.Users != nil {
			people += head.Users.People
		}
	}
	return t.eachDay(ctx, outdated, func(day *ledger.TeamDay, of *team.Membership) error {
		if _, err := t.KeepMembership(ctx, t.ref, day.Date, of); err != nil {
			return err
		}
		kept[day.Date] = day
		return t.PutTeamDay(ctx, t.ref, *day)
	})
}

// sure reports whether the stored value of a day is current. If it was made without a list of seats, there may be one now.
func sure(kept *ledger.TeamDay, head ledger.Head) bool {
	return kept != nil && kept.Of(head) && (kept.Basis == team.ByReport || kept.Seats != nil)
}

// set puts a day's membership into the month, and reports whether the month has changed.
func (t *teamReader) set(ctx context.Context, month *team.Month, date calendar.Date, name string) (changed bool, err error) {
	if month.Of[date-month.First] == name {
		return false, nil
	}
	var of *team.Membership
	if name != "" {
		if of, err = t.membership(ctx, date, name); err != nil {
			return false, err
		}
	}
	if err := month.Set(date, name, of); err != nil {
		return false, failed("read teams", err)
	}
	return true, nil
}

// keptTeamMonth returns the stored month, or a month of nobody if there is none that can be read.
func keptTeamMonth(ref connector.Ref, kept []Item, first calendar.Date) *team.Month {
	if _, text := joined(ofMonth(kept, teamMonthKey(ref, first, 0))); text != nil {
		if month, err := team.ReadMonth(first, text); err == nil {
			return month
		}
	}
	return &team.Month{First: first}
}
