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
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// BenchmarkLarge measures processor time and bytes read for a year of a hundred thousand people. Compare with the layout that
// stored the sets of people between the days, measured on the same machine: the decision about months has its figures.
func BenchmarkLarge(b *testing.B) {
	w := newWorld(b)
	days := calendar.LastDays(366, morning())
	w.crowded(b, days, 100_000, 8)
	table := &testworld.Reads{Table: w.store.Table}
	w.store.Table = table
	for _, test := range []struct {
		name string
		read func() error
	}{
		{"usage", func() error { _, err := w.Usage(ctx, w.c, days); return err }},
		{"users", func() error { _, err := w.Users(ctx, w.c, days, ""); return err }},
		{"users of an export", func() error {
			some, err := w.AllUsers(ctx, w.c, days)
			if err == nil {
				_, err = some("")
			}
			return err
		}},
	} {
		b.Run(test.name, func(b *testing.B) {
			table.Beside(b, func() {
				if err := test.read(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// crowded stores days on which four of five people were active, chosen at random, and one of ten at weekends. It stores only the
// first shown of 256 pages of people.
func (w *world) crowded(b testing.TB, days calendar.Range, people int64, shown int) {
	b.Helper()
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same crowd in each run
	for _, date := range days.Days() {
		share := 0.8
		if weekday := date.Start().Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			share = 0.1
		}
		roster, set, last, active := new(metrics.Roster), []byte(nil), int64(0), int64(0)
		for id := int64(1000); id < 1000+7*people; id += 7 {
			if dice.Float64() >= share {
				continue
			}
			engaged := dice.Float64() < 0.95
			distance := id - last
			if engaged {
				distance = -distance
			}
			set, last, active = binary.AppendVarint(set, distance), id, active+1
			if shard.Page(shard.Hash(id), 256) < shown {
				u := someone(id, fmt.Sprintf("octo-dev-%d_octo", id), date)
				u.Suggested, u.Accepted, u.LinesAccepted = metrics.Count(dice.IntN(200)), metrics.Count(dice.IntN(60)), metrics.Count(dice.IntN(900))
				if err := roster.Add(&u); err != nil {
					b.Fatal(err)
				}
			}
		}
		pages, _ := roster.Pages()
		reading := ledger.Reading{
			Usage: busy(dice, active), At: morning(), Totals: new(roster.Totals()),
			Users: &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages), People: active},
		}
		day, _ := ledger.Revise(nil, date, reading)
		if err := w.store.Commit(ctx, w.c.Ref, day, &ledger.PackedPeople{Pages: pages[:max(len(pages)*shown/256, 1)], People: set}); err != nil {
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
