//go:build !race

package usage_test

import (
	order "cmp"
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// lagged is a table whose answers that may lag are those of a moment before. If it is uneven, only every other answer is.
type lagged struct {
	store.Table
	before []store.Item
	uneven bool
	asked  atomic.Int64
}

// stop keeps what is stored in a partition as the moment before.
func (l *lagged) stop(t fatal, partition string) {
	l.before = nil
	for item, err := range l.Table.Query(ctx, store.Range{Partition: partition}) {
		if err != nil {
			t.Fatal(err)
		}
		l.before = append(l.before, item)
	}
}

func (l *lagged) Query(ctx context.Context, r store.Range) iter.Seq2[store.Item, error] {
	if !r.MayLag || l.uneven && l.asked.Add(1)%2 == 0 {
		return l.Table.Query(ctx, r)
	}
	return func(yield func(store.Item, error) bool) {
		for _, item := range l.before {
			if r.From <= item.Sort && item.Sort <= r.To && !yield(item, nil) {
				return
			}
		}
	}
}

// Days may be restated between two queries of a reader, one of which lags.
func TestAnAnswerThatLagsIsThatOfAMomentBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		w.anew()
		days := calendar.Range{From: today - 60, To: today - 1}
		restate := func() {
			date := days.From + calendar.Date(rapid.IntRange(0, 59).Draw(rt, "day"))
			var people []metrics.UserDay
			for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 19), 0, 6, rapid.ID[int64]).Draw(rt, "people") {
				people = append(people, someone(id, fmt.Sprint("user-", id), date))
			}
			w.put(rt, date, int64(len(people)), people)
			if rapid.Bool().Draw(rt, "is kept") {
				if err := w.store.KeepActive(ctx, w.c.Ref, date); err != nil {
					rt.Fatal(err)
				}
			}
		}
		for range rapid.IntRange(1, 6).Draw(rt, "days") {
			restate()
		}
		table := &lagged{Table: w.store.Table}
		lagging := usage.Reader{Store: &store.Store{Table: table, Now: morning, MayLag: true}, Now: morning}
		before := w.said(rt, w.Reader, days)
		table.stop(rt, "connector#"+w.c.Tenant+"/"+w.c.ID)
		for range rapid.IntRange(1, 3).Draw(rt, "restated") {
			restate()
		}
		if diff := cmp.Diff(before, w.said(rt, lagging, days)); diff != "" {
			rt.Fatalf("-before +lagging:\n%.3000s", diff)
		}
		table.uneven = true
		compared, err := lagging.Compared(ctx, w.c, days)
		users, usersErr := lagging.Users(ctx, w.c, days, "")
		if err := order.Or(err, usersErr); err != nil || compared.Totals.ActiveUsers == nil || users.Total == nil {
			rt.Fatalf("%v: %v active people, %v in the list", err, compared.Totals.ActiveUsers, users.Total)
		}
	})
}

// said returns all answers about a range.
func (w *world) said(t fatal, r usage.Reader, days calendar.Range) []any {
	compared, err := r.Compared(ctx, w.c, days)
	users, usersErr := r.Users(ctx, w.c, days, "")
	last, list, whole, lastErr := r.LastUse(ctx, w.c, days, 5)
	if err := order.Or(err, usersErr, lastErr); err != nil {
		t.Fatal(err)
	}
	return []any{compared, users, last.Active(), list, whole}
}
