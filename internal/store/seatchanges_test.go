package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// lists holds the whole snapshot of each day. The store keeps only the changes.
type lists map[calendar.Date]seat.Snapshot

// check compares a range of days in the store with the lists, snapshot by snapshot.
func (l lists) check(t *rapid.T, s *store.Store, ref connector.Ref, days, listed calendar.Range) {
	t.Helper()
	changes, latest, err := s.SeatHistory(t.Context(), ref, days, listed, func(time.Time) {})
	if err != nil {
		t.Fatal(err)
	}
	var held []seat.Seat
	var wantLatest *seat.Snapshot
	at := 0
	for _, date := range days.Days() {
		want, ok := l[date]
		if !ok {
			continue
		}
		if at == len(changes) || changes[at].Date != date {
			t.Fatalf("the snapshot of %s is missing", date)
		}
		if held, err = seat.After(held, changes[at].Changes); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(termsOf(want.Seats), termsOf(held)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", date, diff)
		}
		if plan := seat.SharedPlan(seat.OnePerPerson(want.Seats, date)); changes[at].NotListed != want.NotListed || changes[at].Plan != plan {
			t.Fatalf("%s: %d not listed and common plan %s; want %d and %s", date, changes[at].NotListed, changes[at].Plan, want.NotListed, plan)
		}
		if listed.From <= date && date <= listed.To {
			wantLatest = &want
		}
		at++
	}
	if at < len(changes) {
		t.Fatalf("unexpected snapshot of %s", changes[at].Date)
	}
	if diff := cmp.Diff(wantLatest, latest, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("the newest snapshot (-want +got):\n%s", diff)
	}
}

func termsOf(seats []seat.Seat) map[seat.Terms]int {
	count := map[seat.Terms]int{}
	for i := range seats {
		count[seats[i].Terms()]++
	}
	return count
}

// fewSeats draws a list of a few people in a few teams, in the order in which the store keeps lists.
var fewSeats = rapid.Map(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) seat.Seat {
	return seat.Seat{
		UserID:         rapid.Ptr(rapid.Int64Range(1, 9), true).Draw(t, "person"),
		Team:           rapid.SampledFrom([]string{"", "core", "ops"}).Draw(t, "team"),
		Plan:           rapid.SampledFrom([]copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise}).Draw(t, "plan"),
		CreatedAt:      rapid.Ptr(rapid.Map(rapid.IntRange(0, 50), func(n int) time.Time { return begins.AddDate(0, 0, -n) }), true).Draw(t, "created"),
		LastActivityAt: rapid.Ptr(rapid.Map(rapid.IntRange(0, 50), func(n int) time.Time { return begins.AddDate(0, 0, -n) }), true).Draw(t, "active"),
	}
}), 0, 6), seat.InOrder)

func TestTheHistoryOfSeatsAgreesWithTheirLists(t *testing.T) {
	t.Parallel()
	const first = today - 8
	w := boltWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		ref, kept := newRef(), lists{}
		list := fewSeats.Draw(rt, "the first list")
		for date := first; date <= today; date++ {
			for range rapid.SampledFrom([]int{0, 1, 1, 2, 3}).Draw(rt, "polls") { // some polls are missed, and some days are polled again
				switch rapid.SampledFrom([]string{"stays", "stays", "another", "some go"}).Draw(rt, "list") {
				case "another":
					list = fewSeats.Draw(rt, "list")
				case "some go":
					list = list[rapid.IntRange(0, len(list)).Draw(rt, "how many"):]
				}
				s := seat.Snapshot{
					AsOf: date.Start().Add(time.Duration(rapid.IntRange(0, 23).Draw(rt, "hour")) * time.Hour), Plan: copilot.PlanBusiness, Seats: list,
					NotListed: rapid.IntRange(0, 2).Draw(rt, "not listed"),
				}
				if err := w.PutSeats(t.Context(), ref, date, s); err != nil {
					rt.Fatal(err)
				}
				kept[date] = s
			}
		}
		for date := first; date <= today; date++ { // derived items may be lost
			if rapid.IntRange(0, 5).Draw(rt, "lost") == 0 {
				lost := store.Key{Partition: "connector#" + ref.Tenant + "/" + ref.ID, Sort: "seatchanges#" + date.String()}
				if err := w.table.DeleteAll(t.Context(), []store.Key{lost}); err != nil {
					rt.Fatal(err)
				}
			}
		}
		from := first + calendar.Date(rapid.IntRange(0, int(today-first)).Draw(rt, "from"))
		days := calendar.Range{From: from, To: today}
		listed := calendar.Range{From: from, To: from + calendar.Date(rapid.IntRange(0, int(today-from)).Draw(rt, "listed"))}
		kept.check(rt, w.Store, ref, days, listed)
	})
}

func TestASnapshotWithoutItsPagesIsLeftOut(t *testing.T) {
	t.Parallel()
	w, ref := boltWorld(t), newRef()
	days := calendar.Range{From: today - 2, To: today}
	for i, date := range days.Days() {
		if err := w.PutSeats(t.Context(), ref, date, seats(3+i, begins)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range w.gathered(t, ref) {
		if strings.HasPrefix(key, "seatlist#"+today.String()) {
			if err := w.table.DeleteAll(t.Context(), []store.Key{{Partition: "connector#" + ref.Tenant + "/" + ref.ID, Sort: key}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	changes, latest, err := w.SeatHistory(t.Context(), ref, days, days, func(time.Time) {})
	if err != nil || len(changes) != 2 || latest == nil || len(latest.Seats) != 4 {
		t.Errorf("%d snapshots, the newest %v, %v", len(changes), latest, err)
	}
	if latest, err := w.LatestSeats(t.Context(), ref, days); err != nil || latest != nil {
		t.Errorf("the newest is %v, %v", latest, err)
	}
}
