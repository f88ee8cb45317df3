package usage_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
	"cloudmonitor.ai/copilot-connector/internal/team"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// BenchmarkLarge measures processor time and bytes read for a year of an account. Everybody is in two of many small teams, and one of two
// also in a large one. It prints beside it the figures of the former layouts, where they were measured, and the targets. Decisions 17 and
// 18 have them too.
func BenchmarkLarge(b *testing.B) {
	for _, size := range []int64{500, 50_000, 100_000} {
		b.Run(fmt.Sprint(size, " people"), func(b *testing.B) { year(b, size) })
	}
}

func year(b *testing.B, people int64) {
	w := newWorld(b)
	days := calendar.LastDays(366, morning())
	teams := &divided{world: w, people: people, teams: max(people/33, 2)}
	w.crowded(b, days, people, teams.on)
	teams.keep(b, days)
	table := &testworld.Reads{Table: w.store.Table}
	w.store.Table = table
	ofTeam := func(name string) func() error {
		return func() error { _, err := w.SortedUsers(ctx, w.c, days, usage.UserList{Team: name}, ""); return err }
	}
	for _, test := range []struct {
		name   string
		before map[int64]testworld.Figure // by the number of people
		target testworld.Figure
		read   func() error
	}{
		{"usage", map[int64]testworld.Figure{
			500: {Seconds: 0.12, Megabytes: 0.5}, 50_000: {Seconds: 1.6, Megabytes: 18.6}, 100_000: {Seconds: 4.2, Megabytes: 37},
		}, testworld.Figure{Seconds: 0.5, Megabytes: 8}, func() error {
			_, err := w.Usage(ctx, w.c, days)
			return err
		}},
		{"users", map[int64]testworld.Figure{
			500: {Seconds: 0.15, Megabytes: 5.4}, 50_000: {Seconds: 0.3, Megabytes: 29}, 100_000: {Seconds: 0.3, Megabytes: 47.5},
		}, testworld.Figure{Seconds: 0.1, Megabytes: 11}, func() error {
			_, err := w.Users(ctx, w.c, days, "")
			return err
		}},
		{"users, first part of the export", map[int64]testworld.Figure{500: {Seconds: 0.15, Megabytes: 0}, 50_000: {Seconds: 9.3, Megabytes: 1251}}, testworld.Figure{}, func() error { return w.export(days, usersOfAPart) }},
		{"users, all of the export", nil, testworld.Figure{}, func() error { return w.export(days, int(people)) }},
		{"users by credits", nil, testworld.Figure{}, func() error {
			_, err := w.SortedUsers(ctx, w.c, days, usage.UserList{Sort: "creditsUsed"}, "")
			return err
		}},
		{"users of a small team", map[int64]testworld.Figure{100_000: {Seconds: 2.1, Megabytes: 227}}, testworld.Figure{Seconds: 1, Megabytes: 60}, ofTeam("team-1")},
		{"users of half the account", map[int64]testworld.Figure{100_000: {Seconds: 38.9, Megabytes: 786}}, testworld.Figure{}, ofTeam("half")},
	} {
		b.Run(test.name, func(b *testing.B) {
			table.Beside(b, func() {
				if err := test.read(); err != nil {
					b.Fatal(err)
				}
			})
			test.before[people].Report(b, "before")
			test.target.Report(b, "target")
		})
	}
}

// usersOfAPart is about how many people fit into a part of an export.
const usersOfAPart = 40_000

// export reads some people as an export does.
func (w *world) export(days calendar.Range, people int) error {
	some, err := w.AllUsers(ctx, w.c, days)
	for next := new(""); err == nil && next != nil && people > 0; {
		var users usage.Users
		users, err = some(*next)
		next, people = users.Next, people-len(users.Users)
	}
	return err
}

// crowded stores days on which four of five people were active, chosen at random, and one of ten at weekends. members returns who was in
// which team on a day; it may be nil.
func (w *world) crowded(b testing.TB, days calendar.Range, people int64, members func(testing.TB, calendar.Date) *team.Membership) {
	b.Helper()
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same crowd in each run
	for _, date := range days.Days() {
		share := 0.8
		if weekday := date.Start().Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			share = 0.1
		}
		roster, set, last, active := new(metrics.Roster), []byte(nil), int64(0), int64(0)
		for i := range people {
			id := spread(i)
			if dice.Float64() >= share {
				continue
			}
			engaged := dice.Float64() < 0.95
			distance := id - last
			if engaged {
				distance = -distance
			}
			set, last, active = binary.AppendVarint(set, distance), id, active+1
			u := someone(id, fmt.Sprintf("octo-dev-%d_octo", id), date)
			u.Suggested, u.Accepted, u.LinesAccepted = metrics.Count(dice.IntN(200)), metrics.Count(dice.IntN(60)), metrics.Count(dice.IntN(900))
			u.Credits = metrics.Credits(dice.Int64N(30_000_000))
			if err := roster.Add(&u); err != nil {
				b.Fatal(err)
			}
		}
		pages, _ := roster.Pages()
		reading := ledger.Reading{
			Usage: busy(dice, active), At: morning(), Totals: new(roster.Totals()),
			Users: &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages), People: active},
		}
		if members != nil {
			w.divideCrowd(b, date, roster, members(b, date), &reading)
		}
		day, _ := ledger.Revise(nil, date, reading)
		if err := w.store.Commit(ctx, w.c.Ref, day, &ledger.PackedPeople{Pages: pages, People: set}); err != nil {
			b.Fatal(err)
		}
	}
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		if err := w.store.KeepActive(ctx, w.c.Ref, month); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.store.KeepYear(ctx, w.c.Ref, days.To); err != nil {
		b.Fatal(err)
	}
}

// spread returns the id of a person. The ids are spread over GitHub's 250 million, at distances that do not repeat, because equal distances
// would be packed better than real ones.
func spread(i int64) int64 { return 1000 + 2500*i + int64(shard.Hash(i)%2500) }

// divideCrowd stores the teams of a day, and what their people did.
func (w *world) divideCrowd(b testing.TB, date calendar.Date, roster *metrics.Roster, members *team.Membership, reading *ledger.Reading) {
	b.Helper()
	hash, err := w.store.KeepMembership(ctx, w.c.Ref, date, members)
	if err != nil {
		b.Fatal(err)
	}
	adder := team.NewAdder(members)
	roster.Each(adder.Add)
	reading.Teams = &ledger.Teams{Hash: hash}
	err = w.store.PutTeamDay(ctx, w.c.Ref, ledger.TeamDay{
		Date: date, Users: reading.Users.Hash, Membership: hash, Basis: team.ByReport, Sums: adder.Sums(),
	})
	if err != nil {
		b.Fatal(err)
	}
}

// divided divides the people of an account into teams. Twice a month one of 133 people is in another team than before.
type divided struct {
	*world
	people, teams int64

	half       int64 // the half of a month for which the membership is
	membership *team.Membership
}

func (d *divided) on(b testing.TB, date calendar.Date) *team.Membership {
	b.Helper()
	half := int64(date) / 15
	if half == d.half {
		return d.membership
	}
	d.half = half
	var rows team.Rows
	add := func(id, number int64, name string) {
		if err := rows.Add(id, number, name); err != nil {
			b.Fatal(err)
		}
	}
	for i := range d.people {
		id, one := spread(i), (i*7919+i/15)%d.teams
		two := (one + 1 + i%max(d.teams-1, 1)) % d.teams
		if (31*i+half)%133 == 0 {
			one = (one + 1) % d.teams
		}
		add(id, one+1, fmt.Sprint("team-", one))
		add(id, two+1, fmt.Sprint("team-", two))
		if i%2 == 0 {
			add(id, d.teams+1, "half")
		}
	}
	var err error
	if d.membership, err = rows.Membership(); err != nil {
		b.Fatal(err)
	}
	return d.membership
}

// keep makes the values of months that polls make.
func (d *divided) keep(b testing.TB, days calendar.Range) {
	b.Helper()
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		if err := d.store.KeepTeams(ctx, d.c.Ref, month); err != nil {
			b.Fatal(err)
		}
		if err := d.store.KeepUsers(ctx, d.c.Ref, month); err != nil {
			b.Fatal(err)
		}
	}
}

// busy returns a day with rows of every kind.
func busy(dice *rand.Rand, active int64) *metrics.Usage {
	n := func() *int64 { return new(dice.Int64N(100_000)) }
	rows := func(name string, many int) (list []metrics.CompletionRow) {
		for i := range many {
			list = append(list, metrics.CompletionRow{Name: fmt.Sprint(name, i), Suggested: n(), Accepted: n()})
		}
		return list
	}
	return &metrics.Usage{ActiveUsers: &active, Completions: &metrics.Completions{
		Suggested: n(), Accepted: n(), LinesSuggested: n(), LinesAccepted: n(),
		ByEditor:   metrics.Breakdown{Basis: metrics.BasisAllFeatures, Rows: rows("editor-", 8)},
		ByLanguage: metrics.Breakdown{Basis: metrics.BasisCompletions, Rows: rows("language-", 40)},
		ByModel:    metrics.Breakdown{Basis: metrics.BasisNotReported, Rows: rows("model-", 20)},
	}}
}
