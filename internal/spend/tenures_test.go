//go:build !race

package spend_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// listed draws a list of the seats of a few people.
func listed(t *rapid.T, day calendar.Date) seat.Snapshot {
	s := seat.Snapshot{AsOf: day.Start().Add(6 * time.Hour), Plan: copilot.PlanBusiness, NotListed: rapid.IntRange(0, 1).Draw(t, "not listed")}
	for id := range int64(5) {
		if kind := rapid.IntRange(0, 3).Draw(t, "kind"); kind > 0 {
			s.Seats = append(s.Seats, seat.Seat{
				UserID: new(id + 1), Login: fmt.Sprint("user-", id+1), Team: fmt.Sprint("team-", kind), Plan: []copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise}[kind%2],
				CreatedAt: new((day - 100).Start()),
			})
		}
	}
	return s
}

// Values of months are kept, lost, or out of date because a snapshot was replaced. The teams must be the same.
func TestTeamsAreTheSameByTenuresAndBySnapshots(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return now }
	s := testworld.Store(t, t.TempDir(), clock)
	reader := assembly.Parts{Store: s, Now: clock}.Spend()
	first := (today.FirstOfMonth() - 1).FirstOfMonth()
	rapid.Check(t, func(t *rapid.T) {
		c := &connector.Connector{Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Settings: connector.Settings{IdleAfterDays: 30}}
		put := func(days *rapid.Generator[calendar.Date]) {
			day := days.Draw(t, "day")
			must(t, s.PutSeats(t.Context(), c.Ref, day, listed(t, day)))
		}
		for range rapid.IntRange(0, 6).Draw(t, "snapshots") {
			put(rapid.SampledFrom([]calendar.Date{first - 8, first - 2, first, first + 3, first + 17, first.EndOfMonth(), first.EndOfMonth() + 5, today}))
		}
		days := calendar.Range{From: first + calendar.Date(rapid.SampledFrom([]int{-20, 0, 9}).Draw(t, "from"))}
		days.To = rapid.SampledFrom([]calendar.Date{first + 20, first.EndOfMonth(), today - 1}).Draw(t, "to")
		teams := func() *spend.Teams {
			got, err := reader.Teams(t.Context(), c, days)
			must(t, err)
			return got
		}
		before := teams()
		for _, month := range []calendar.Date{first, first - 1} {
			must(t, s.KeepTenures(t.Context(), c.Ref, month))
		}
		if diff := cmp.Diff(before, teams()); diff != "" {
			t.Fatalf("(-by snapshots +by tenures):\n%s", diff)
		}
		if rapid.IntRange(0, 3).Draw(t, "late") > 0 {
			return
		}
		put(rapid.SampledFrom([]calendar.Date{first, first + 17, first + 18}))
		late := teams()
		for _, month := range []calendar.Date{first, first - 1} {
			must(t, s.ForgetMonth(t.Context(), c.Ref, month, nil))
		}
		if diff := cmp.Diff(teams(), late); diff != "" {
			t.Fatalf("after a late snapshot (-by snapshots +by tenures):\n%s", diff)
		}
	})
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTenuresAreWrittenOnceAndAfterTheirMonth(t *testing.T) {
	t.Parallel()
	at := now
	s := testworld.Store(t, t.TempDir(), func() time.Time { return at })
	c := connector.Ref{Tenant: "acme", ID: connector.NewID()}
	month := today.FirstOfMonth()
	if err := s.PutSeats(t.Context(), c, today, seat.Snapshot{AsOf: now, Plan: copilot.PlanBusiness, Seats: []seat.Seat{given(1, 40)}}); err != nil {
		t.Fatal(err)
	}
	writes := &puts{Table: s.Table}
	s.Table = writes
	for _, test := range []struct {
		at   calendar.Date
		want int
	}{{today + 1, 0}, {month.EndOfMonth() + 7, 0}, {month.EndOfMonth() + 8, 1}, {month.EndOfMonth() + 9, 1}} {
		at = test.at.Start().Add(time.Hour)
		if err := s.KeepTenures(t.Context(), c, month); err != nil {
			t.Fatal(err)
		}
		if writes.many != test.want {
			t.Errorf("on %s %d items are written, want %d", test.at, writes.many, test.want)
		}
	}
	for what, remove := range map[string]func() error{
		"somebody was taken out":  func() error { return s.ForgetMonth(t.Context(), c, month, nil) },
		"its people were removed": func() error { return s.TidyActive(t.Context(), c, calendar.Range{From: month, To: month}, month) },
	} {
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		writes.many = 0
		if err := s.KeepTenures(t.Context(), c, month); err != nil || writes.many != 1 {
			t.Errorf("after %s: %v, %d items are written; want 1, because the former is gone", what, err, writes.many)
		}
	}
}

// puts counts the items that are written.
type puts struct {
	store.Table
	many int
}

func (p *puts) PutAll(ctx context.Context, items []store.Item) error {
	p.many += len(items)
	return p.Table.PutAll(ctx, items)
}
