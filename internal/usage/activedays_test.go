package usage_test

import (
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// people merges the days' sets in the slow way. whole reports whether the set of each day with numbers is complete.
func (w *world) people(t fatal, days calendar.Range) (people *metrics.People, whole bool) {
	list, err := w.store.Days(ctx, w.c.Ref, days)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := w.store.PeopleOf(ctx, w.c.Ref, ledger.HeadsOf(list))
	if err != nil {
		t.Fatal(err)
	}
	people, whole = &metrics.People{}, true
	for i := range list {
		active, err := metrics.ReadPeople(list[i].Date, sets[list[i].Date])
		if err != nil {
			t.Fatal(err)
		}
		named := active.Active() > 0 && active.Active() == list[i].Users.People
		whole = whole && (named || list[i].Quiet())
		people.Merge(active)
	}
	return people, whole
}

// mustTotal fails the test if the totals of a range differ from those of its days and their sets. It does not compare a nil list.
func (w *world) mustTotal(t *rapid.T, days calendar.Range, got metrics.Totals, list []metrics.Day) {
	want, err := w.Days(ctx, w.c, days)
	if err != nil {
		t.Fatal(err)
	}
	people, whole := w.people(t, days)
	if !whole && got.ActiveUsers == nil {
		people = nil // the sets are lost, but the items of months may still have the people
	}
	if diff := cmp.Diff(metrics.Sum(want, people.Count()), got); diff != "" && (whole || people == nil) {
		t.Fatalf("%s (-want +got):\n%s", days, diff)
	}
	if diff := cmp.Diff(want, list); list != nil && diff != "" {
		t.Fatalf("the days of %s (-want +got):\n%s", days, diff)
	}
	users, err := w.Users(ctx, w.c, days, "")
	if err != nil {
		t.Fatal(err)
	}
	if whole && (users.Total == nil || int64(*users.Total) != people.Active() || len(users.Users) != *users.Total) {
		t.Fatalf("%s: %d users of %v, want %d", days, len(users.Users), users.Total, people.Active())
	}
}
