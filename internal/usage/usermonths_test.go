//go:build !race

package usage_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/team"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// some returns a person whose numbers, login and features may be unknown on a day.
func some(t *rapid.T, id int64, date calendar.Date) metrics.UserDay {
	u := someone(id, fmt.Sprint("user-", id, "-", date/20), date)
	switch rapid.IntRange(0, 5).Draw(t, "unknown") {
	case 0:
		u.Suggested, u.Accepted, u.Interactions, u.Login = metrics.Untold, metrics.Untold, metrics.Untold, ""
	case 1:
		u.Credits, u.Interactions = metrics.Untold, metrics.Untold
	case 2:
		u.Features.Reported()
	default:
		u.Features.Add([]byte(rapid.SampledFrom([]string{"chat_panel_ask_mode", "agent_edit", "something_new"}).Draw(t, "feature")), id)
	}
	return u
}

// moving stores who was in which teams on a day: in one or two, which change rarely.
func (w *world) moving(t *rapid.T, date calendar.Date) *ledger.Teams {
	shift := int64(date) / 10
	var rows team.Rows
	for id := int64(1); id < 20; id++ {
		names := []string{fmt.Sprint("team-", id%2)}
		if id%3 == shift%3 {
			names = append(names, "more")
		}
		for _, name := range names {
			if err := rows.Add(id, 0, name); err != nil {
				t.Fatal(err)
			}
		}
	}
	members, err := rows.Membership()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := w.store.KeepMembership(ctx, w.c.Ref, date, members)
	if err != nil {
		t.Fatal(err)
	}
	return &ledger.Teams{Hash: hash}
}

// lists returns what all lists of people say of a range.
func (w *world) lists(t *rapid.T, days calendar.Range) (list []usage.Users) {
	add := func(users usage.Users, err error) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, users)
	}
	add(w.Users(ctx, w.c, days, ""))
	add(w.User(ctx, w.c, days, "3"))
	add(w.SortedUsers(ctx, w.c, days, usage.UserList{Sort: "accepted"}, ""))
	for _, name := range []string{"TEAM-1", "more"} {
		add(w.SortedUsers(ctx, w.c, days, usage.UserList{Team: name}, ""))
	}
	return list
}

// Sums of months may be stored, missing or outdated. The lists must be those of the days.
func TestListsOfPeopleAreTheSameWithAndWithoutSumsOfMonths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		w.anew()
		span := calendar.Range{From: today - 75, To: today - 1}
		put := func() {
			date := span.From + calendar.Date(rapid.IntRange(0, 74).Draw(rt, "day"))
			var people []metrics.UserDay
			for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 7), 0, 6, rapid.ID[int64]).Draw(rt, "people") {
				people = append(people, some(rt, id, date))
			}
			w.teams = w.moving(rt, date)
			w.put(rt, date, int64(len(people)), people)
		}
		for range rapid.IntRange(6, 14).Draw(rt, "days") {
			put()
		}
		for month := span.From.FirstOfMonth(); month <= span.To; month = month.EndOfMonth() + 1 {
			if rapid.IntRange(0, 3).Draw(rt, "is kept") > 0 {
				if err := w.store.KeepUsers(ctx, w.c.Ref, month); err != nil {
					rt.Fatal(err)
				}
			}
		}
		if rapid.IntRange(0, 3).Draw(rt, "restated since") == 0 {
			put()
		}
		days := rapid.SampledFrom([]calendar.Range{span, within(rt, span)}).Draw(rt, "range")
		got := w.lists(rt, days)
		w.lose(rt, "usermonth#", "")
		if diff := cmp.Diff(w.lists(rt, days), got); diff != "" {
			rt.Fatalf("%s (-by days +by months):\n%.3000s", days, diff)
		}
	})
}

// A year must not read the pages of days of months whose sums are stored, except for those who moved within a month.
func TestAYearOfPeopleReadsTheSumsOfMonths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	days := calendar.LastDays(90, morning())
	full := w.crowd700(t, days)
	table := &testworld.Reads{Table: w.store.Table}
	w.store.Table = table
	for _, list := range []usage.UserList{{Sort: "login"}, {Team: "core"}} {
		read := func() int64 {
			before := table.Bytes.Load()
			if users, err := w.SortedUsers(ctx, w.c, days, list, ""); err != nil || *users.Total != full {
				t.Fatal(err, users.Total)
			}
			return table.Bytes.Load() - before
		}
		byDays := read()
		for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
			if err := w.store.KeepUsers(ctx, w.c.Ref, month); err != nil {
				t.Fatal(err)
			}
		}
		if byMonths := read(); byMonths > byDays/2 {
			t.Errorf("%+v: %d bytes by months, %d by days", list, byMonths, byDays)
		}
		w.lose(t, "usermonth#", "")
	}
}

// The days of a person who moved between teams must not be left out, because others of the team would then get their credits.
func TestALostPageOfADayOfSomebodyWhoMovedIsAnErrorOfTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	days := calendar.Range{From: today.FirstOfMonth() - 2, To: today.FirstOfMonth() - 1}
	for i, date := range days.Days() {
		var rows team.Rows
		for _, name := range []string{"core", "more"}[:i+1] {
			if err := rows.Add(1, 0, name); err != nil {
				t.Fatal(err)
			}
		}
		members, err := rows.Membership()
		if err != nil {
			t.Fatal(err)
		}
		hash, err := w.store.KeepMembership(ctx, w.c.Ref, date, members)
		if err != nil {
			t.Fatal(err)
		}
		w.teams = &ledger.Teams{Hash: hash}
		w.put(t, date, 1, []metrics.UserDay{someone(1, "ada", date)})
	}
	for _, keep := range []func(context.Context, connector.Ref, calendar.Date) error{w.store.KeepTeams, w.store.KeepUsers} {
		if err := keep(ctx, w.c.Ref, days.From); err != nil {
			t.Fatal(err)
		}
	}
	month := calendar.Range{From: days.From.FirstOfMonth(), To: days.To}
	core := usage.UserList{Team: "core"}
	if users, err := w.SortedUsers(ctx, w.c, month, core, ""); err != nil || len(users.Users) != 1 || users.Users[0].ActiveDays != 2 {
		t.Fatalf("%v: the team has %+v", err, users.Users)
	}
	w.lose(t, "users#", "")
	if users, err := w.SortedUsers(ctx, w.c, month, core, ""); !fault.Is(err, fault.Store) {
		t.Errorf("%v: the team has %+v, want an error of the store", err, users.Users)
	}
}

// crowd700 stores days on which everybody of one team was active, and returns the number of people.
func (w *world) crowd700(t *testing.T, days calendar.Range) int {
	t.Helper()
	const many = 700
	var rows team.Rows
	for id := range int64(many) {
		if err := rows.Add(id+1, 0, "core"); err != nil {
			t.Fatal(err)
		}
	}
	members, err := rows.Membership()
	if err != nil {
		t.Fatal(err)
	}
	for _, date := range days.Days() {
		hash, err := w.store.KeepMembership(ctx, w.c.Ref, date, members)
		if err != nil {
			t.Fatal(err)
		}
		var people []metrics.UserDay
		for id := range int64(many) {
			people = append(people, someone(id+1, fmt.Sprint("user-", id), date))
		}
		w.teams = &ledger.Teams{Hash: hash}
		w.put(t, date, many, people)
	}
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		if err := w.store.KeepTeams(ctx, w.c.Ref, month); err != nil {
			t.Fatal(err)
		}
	}
	return many
}
