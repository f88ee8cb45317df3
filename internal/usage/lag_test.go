//go:build !race

package usage_test

import (
	order "cmp"
	"context"
	"fmt"
	"iter"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/team"
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

// Days and lists of seats may be replaced between two queries of a reader, one of which lags. If all queries lag, all answers are those of
// the moment before. If some do, each day is as it was before or as it is now.
func TestAnAnswerThatLagsIsThatOfAMomentBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		w.anew()
		days := calendar.Range{From: today - 50, To: today - 1}
		restate := func() {
			date := days.From + calendar.Date(rapid.IntRange(0, 49).Draw(rt, "day"))
			var people []metrics.UserDay
			for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 19), 0, 6, rapid.ID[int64]).Draw(rt, "people") {
				people = append(people, someone(id, fmt.Sprint("user-", id), date))
			}
			w.teams = w.divide(rt, date)
			w.put(rt, date, int64(len(people)), people)
			if rapid.Bool().Draw(rt, "has a list of seats") {
				w.seat(rt, date)
			}
			if rapid.Bool().Draw(rt, "is kept") {
				for _, err := range []error{w.store.KeepActive(ctx, w.c.Ref, date), w.store.KeepTeams(ctx, w.c.Ref, date), w.store.KeepTenures(ctx, w.c.Ref, date)} {
					if err != nil {
						rt.Fatal(err)
					}
				}
			}
		}
		for range rapid.IntRange(1, 4).Draw(rt, "days") {
			restate()
		}
		table := &lagged{Table: w.store.Table}
		stored := &store.Store{Table: table, Now: morning, MayLag: true}
		lagging := usage.Reader{Store: stored, Now: morning}
		before, earlier := w.said(rt, w.store, days), w.byDay(rt, w.store, days)
		table.stop(rt, "connector#"+w.c.Tenant+"/"+w.c.ID)
		for range rapid.IntRange(1, 2).Draw(rt, "restated") {
			restate()
		}
		if lagged := w.said(rt, stored, days); !reflect.DeepEqual(before, lagged) {
			rt.Fatalf("-before +lagging:\n%.3000s", cmp.Diff(before, lagged))
		}
		table.uneven = true
		later, mixed := w.byDay(rt, w.store, days), w.byDay(rt, stored, days)
		for i, got := range mixed {
			if !reflect.DeepEqual(earlier[i], got) && !reflect.DeepEqual(later[i], got) {
				rt.Fatalf("(-earlier +uneven):\n%.1500s\n(-later +uneven):\n%.1500s", cmp.Diff(earlier[i], got), cmp.Diff(later[i], got))
			}
		}
		compared, err := lagging.Compared(ctx, w.c, days)
		users, usersErr := lagging.Users(ctx, w.c, days, "")
		if err := order.Or(err, usersErr); err != nil || compared.Totals.ActiveUsers == nil || users.Total == nil {
			rt.Fatalf("%v: %v active people, %v in the list", err, compared.Totals.ActiveUsers, users.Total)
		}
	})
}

// divide stores who was in which of three teams on a day.
func (w *world) divide(t *rapid.T, date calendar.Date) *ledger.Teams {
	shift := rapid.Int64Range(0, 2).Draw(t, "teams")
	var rows team.Rows
	var err error
	for id := int64(1); id < 20; id++ {
		err = order.Or(err, rows.Add(id, 0, fmt.Sprint("team-", (id+shift)%3)))
	}
	members, rowsErr := rows.Membership()
	if err := order.Or(err, rowsErr); err != nil {
		t.Fatal(err)
	}
	hash, err := w.store.KeepMembership(ctx, w.c.Ref, date, members)
	if err != nil {
		t.Fatal(err)
	}
	return &ledger.Teams{Hash: hash}
}

// seat stores the list of seats of a day.
func (w *world) seat(t *rapid.T, date calendar.Date) {
	list := seat.Snapshot{AsOf: date.Start().Add(6 * time.Hour), Plan: copilot.PlanBusiness}
	for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 19), 0, 4, rapid.ID[int64]).Draw(t, "seats") {
		list.Seats = append(list.Seats, seat.Seat{UserID: &id, Login: fmt.Sprint("user-", id), Plan: copilot.PlanBusiness, CreatedAt: new((today - 100).Start())})
	}
	if err := w.store.PutSeats(ctx, w.c.Ref, date, list); err != nil {
		t.Fatal(err)
	}
}

// byDay returns the days of a range, one for each date, and what the people of each team did on them.
func (w *world) byDay(t fatal, s *store.Store, days calendar.Range) (list []any) {
	of, err := usage.Reader{Store: s, Now: morning}.Days(ctx, w.c, days)
	teams, teamsErr := s.Teams(ctx, w.c.Ref, days)
	if err := order.Or(err, teamsErr); err != nil {
		t.Fatal(err)
	}
	for _, day := range of {
		list = append(list, day, teams.Total(calendar.Range{From: day.Date, To: day.Date}))
	}
	return list
}

// said returns all answers about a range: usage, teams, and the cost of its last month.
func (w *world) said(t fatal, s *store.Store, days calendar.Range) []any {
	r := usage.Reader{Store: s, Now: morning}
	compared, err := r.Compared(ctx, w.c, days)
	users, usersErr := r.Users(ctx, w.c, days, "")
	last, list, whole, lastErr := r.LastUse(ctx, w.c, days, 5)
	spent := spend.Reader{Store: s, Days: r, Now: morning}
	teams, teamsErr := spent.Teams(ctx, w.c, days)
	month, monthErr := spent.ComparedMonth(ctx, w.c, cost.MonthToDate(morning()))
	if err := order.Or(err, usersErr, lastErr, teamsErr, monthErr); err != nil {
		t.Fatal(err)
	}
	return []any{compared, users, last.Active(), list, whole, teams, month}
}
