package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// someOf returns ids of n people of an edition.
func someOf(e edition, n int) (ids []int64) {
	people(e.people, e.name).Each(func(u *metrics.UserDay) {
		if len(ids) < n {
			ids = append(ids, u.UserID)
		}
	})
	return ids
}

func everyPage(day ledger.Head) (numbers []int) {
	for number := range day.Users.Pages {
		numbers = append(numbers, number)
	}
	return numbers
}

// keys returns the sort keys of a connector's items, without those that expire.
func (w *world) keys(t *testing.T, ref connector.Ref) (keys []string) {
	t.Helper()
	for item, err := range w.table.Query(t.Context(), store.Range{Partition: "connector#" + ref.Tenant + "/" + ref.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, item.Sort)
	}
	return keys
}

// onDay returns the stored people of a day (on pages and in the set), the people with seats, and the day.
func (w *world) onDay(t *testing.T, ref connector.Ref) (onPages, inSet, seated []int64, d *ledger.Day) {
	t.Helper()
	d, err := w.Day(t.Context(), ref, day)
	if err != nil {
		t.Fatal(err)
	}
	heads := []ledger.Head{d.Head()}
	pages, err := w.UsersPages(t.Context(), ref, heads, everyPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages[day] {
		if err := metrics.ReadPage(page, func(u *metrics.UserDay) error { onPages = append(onPages, u.UserID); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	sets, err := w.PeopleOf(t.Context(), ref, heads)
	if err != nil {
		t.Fatal(err)
	}
	if err := metrics.EachOfSet(day, sets[day], func(id int64, _ bool) { inSet = append(inSet, id) }); err != nil {
		t.Fatal(err)
	}
	snapshot, err := w.LatestSeats(t.Context(), ref, calendar.Range{From: day, To: day})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range snapshot.Seats {
		if s.UserID != nil {
			seated = append(seated, *s.UserID)
		}
	}
	slices.Sort(onPages)
	slices.Sort(seated)
	return onPages, inSet, seated, d
}

// seated gives each person of an edition a seat.
func (w *world) seated(t *testing.T, ref connector.Ref, e edition) {
	t.Helper()
	snapshot := seat.Snapshot{AsOf: day.Start(), Plan: copilot.PlanBusiness}
	for _, id := range someOf(e, e.people) {
		snapshot.Seats = append(snapshot.Seats, seat.Seat{UserID: &id, Login: "somebody", Plan: copilot.PlanBusiness})
	}
	if err := w.PutSeats(t.Context(), ref, day, snapshot); err != nil {
		t.Fatal(err)
	}
}

func TestAnInterruptedRemovalOfPeopleContinues(t *testing.T) {
	t.Parallel()
	crowd := edition{"crowd", 400}
	ids := someOf(crowd, 2)
	for name, take := range map[string]func(t *testing.T, s *store.Store, ref connector.Ref) error{
		"two people": func(t *testing.T, s *store.Store, ref connector.Ref) error {
			return s.Forget(t.Context(), ref, day, ids)
		},
		"everybody": func(t *testing.T, s *store.Store, ref connector.Ref) error {
			return s.RemovePeople(t.Context(), ref, day)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := boltWorld(t)
			eachFault(t, func(t *testing.T, p *probe) {
				ref := newRef()
				w.poll(t, ref, day, crowd)
				w.seated(t, ref, crowd)
				_, all, _, before := w.onDay(t, ref)
				failing := w.through(p)
				for try := 0; take(t, failing, ref) != nil; try++ {
					if try == 3 {
						t.Fatal("the removal fails again and again")
					}
				}
				left := slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return slices.Contains(ids, id) })
				users := *before.Users
				if name == "everybody" {
					after, err := w.Day(t.Context(), ref, day)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(before.Shown(), after.Shown()); diff != "" || after.Users != nil || after.Removed == nil || *after.Removed != users {
						t.Errorf("the day has users %+v and removed %+v (-before +after):\n%s", after.Users, after.Removed, diff)
					}
					for _, key := range w.keys(t, ref) {
						if len(key) > 6 && (key[:6] == "users#" || key[:6] == "people") {
							t.Errorf("%s is still there", key)
						}
					}
					return
				}
				onPages, inSet, seated, after := w.onDay(t, ref)
				users.People, users.Forgotten = users.People-2, 2
				if diff := cmp.Diff(&users, after.Users); diff != "" {
					t.Errorf("the day (-want +got):\n%s", diff)
				}
				for where, got := range map[string][]int64{"pages": onPages, "set": inSet, "seats": seated} {
					if diff := cmp.Diff(left, got); diff != "" {
						t.Errorf("%s (-want +got):\n%s", where, diff)
					}
				}
				lists := slices.DeleteFunc(w.keys(t, ref), func(key string) bool { return len(key) < 9 || key[:9] != "seatlist#" })
				if len(lists) != 1 {
					t.Errorf("lists of seats are %v, want 1", lists)
				}
			})
		})
	}
}
