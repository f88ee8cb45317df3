package usage_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

var ctx = context.Background()

func TestADayThatIsNotStoredIsPendingUntilItIsMissing(t *testing.T) {
	t.Parallel()
	const p, m = metrics.Pending, metrics.Missing
	for _, story := range []struct {
		name string
		c    connector.Connector
		want map[calendar.Date]metrics.State
	}{
		{
			"polled this morning",
			connector.Connector{Progress: connector.Progress{LookedThrough: new(today - 1)}},
			map[calendar.Date]metrics.State{today - 300: m, today - 10: m, today - 9: m, today - 8: p, today - 1: p, today: p, today + 3: p},
		},
		{
			"polled yesterday, and today's poll is still to come",
			connector.Connector{Progress: connector.Progress{LookedThrough: new(today - 2)}},
			map[calendar.Date]metrics.State{today - 300: m, today - 10: m, today - 9: p, today - 1: p},
		},
		{
			"never polled, the backfill ahead",
			connector.Connector{Progress: connector.Progress{Backfill: &connector.Backfill{Next: today - 29, Last: today - 345}}},
			map[calendar.Date]metrics.State{today - 360: m, today - 346: m, today - 345: p, today - 100: p, today - 28: p, today - 1: p},
		},
		{
			"never polled, nothing to backfill",
			connector.Connector{},
			map[calendar.Date]metrics.State{today - 28: p, today - 1: p},
		},
		{
			"during the backfill",
			connector.Connector{Progress: connector.Progress{LookedThrough: new(today - 1), Backfill: &connector.Backfill{Next: today - 60, Last: today - 345}}},
			map[calendar.Date]metrics.State{today - 346: m, today - 345: p, today - 60: p, today - 59: m, today - 28: m, today - 8: p, today - 1: p},
		},
		{
			"expired and not polled for weeks",
			connector.Connector{Progress: connector.Progress{LookedThrough: new(today - 30)}},
			map[calendar.Date]metrics.State{today - 300: m, today - 38: m, today - 37: p, today - 30: p, today - 29: p, today - 10: p, today - 1: p},
		},
		{
			"with unreadable reports",
			connector.Connector{Progress: connector.Progress{LookedThrough: new(today - 1), Retries: []connector.Retry{{Date: today - 200, Reason: connector.RetryUnreadable}, {Date: today - 20, Reason: connector.RetryUnreadable}}}},
			map[calendar.Date]metrics.State{today - 201: m, today - 200: p, today - 21: m, today - 20: p, today - 19: m},
		},
	} {
		t.Run(story.name, func(t *testing.T) {
			w := newWorld(t)
			story.c.Ref = w.c.Ref
			got, err := w.Usage(ctx, &story.c, calendar.Range{From: today - 360, To: today + 5})
			if err != nil || len(got.Days) != 366 {
				t.Fatalf("%d days, %v", len(got.Days), err)
			}
			for date, want := range story.want {
				day := got.Days[date-(today-360)]
				if diff := cmp.Diff(metrics.UnreadDay(date, want), day); diff != "" {
					t.Errorf("%d days ago (-want +got):\n%s", today-date, diff)
				}
			}
			if diff := cmp.Diff(metrics.Totals{}, got.Totals); diff != "" {
				t.Errorf("the totals of days without numbers:\n%s", diff)
			}
		})
	}
}

func TestARangeHasEachDateOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, date := range []calendar.Date{today - 9, today - 7, today - 4} {
		w.put(t, date, 1, []metrics.UserDay{someone(1, "ada", date)})
	}
	for from := today - 10; from < today; from++ {
		for to := from; to < today; to++ {
			got, err := w.Usage(ctx, w.c, calendar.Range{From: from, To: to})
			if err != nil {
				t.Fatal(err)
			}
			withData := 0
			for i, day := range got.Days {
				if stored := day.Revision > 0; day.Date != from+calendar.Date(i) || stored != (day.Date == today-9 || day.Date == today-7 || day.Date == today-4) {
					t.Errorf("from %d to %d days ago, %s is %s", today-from, today-to, day.Date, day.State)
				} else if stored {
					withData++
				}
			}
			if len(got.Days) != int(to-from)+1 || got.Totals.DaysWithData != withData {
				t.Errorf("the range from %d to %d days ago has %d days, %d of them with data", today-from, today-to, len(got.Days), got.Totals.DaysWithData)
			}
		}
	}
}

func TestPeopleOfARangeAreDistinctOrUnknown(t *testing.T) {
	t.Parallel()
	const date = today - 3
	both := []metrics.UserDay{someone(1, "ada", date), someone(2, "bob", date)}
	other := []metrics.UserDay{someone(2, "bob", date), someone(3, "cyd", date)}
	for _, story := range []struct {
		name            string
		put             func(w *world)
		active, engaged *int64
	}{
		{"each person once", func(w *world) { w.put(t, date, 2, both); w.put(t, date+1, 2, other) }, new(int64(3)), new(int64(2))},
		{"with a quiet day", func(w *world) { w.put(t, date, 2, both); w.put(t, date+1, 0, nil) }, new(int64(2)), new(int64(2))},
		{"with only a quiet day", func(w *world) { w.put(t, date, 0, nil) }, new(int64(0)), new(int64(0))},
		{"with a day of unknown people", func(w *world) { w.put(t, date, 2, both); w.put(t, date+1, 5, nil) }, nil, nil},
		{"without any day", func(*world) {}, nil, nil},
	} {
		t.Run(story.name, func(t *testing.T) {
			w := newWorld(t)
			story.put(w)
			got, err := w.Usage(ctx, w.c, calendar.Range{From: date - 5, To: date + 1})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]*int64{story.active, story.engaged}, []*int64{got.Totals.ActiveUsers, got.Totals.EngagedUsers}); diff != "" {
				t.Errorf("active and engaged (-want +got):\n%s", diff)
			}
			if (got.Totals.CreditsUsed == nil) != (story.active == nil || *story.active == 0) {
				t.Errorf("credits are %v", got.Totals.CreditsUsed)
			}
		})
	}
}

func TestAnIncompleteSetOfPeopleIsUnknown(t *testing.T) {
	t.Parallel()
	const date = today - 3
	for name, spoil := range map[string]func(set store.Item) []store.Item{
		"gone":          func(store.Item) []store.Item { return nil },
		"cut":           func(set store.Item) []store.Item { set.Body = set.Body[:1]; return []store.Item{set} },
		"of two copies": func(set store.Item) []store.Item { set.Sort += "0"; return []store.Item{set} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put(t, date, 2, []metrics.UserDay{someone(1, "ada", date), someone(2, "bob", date)})
			set := w.item(t, "people#"+date.String()+"#")
			spoiled := spoil(set)
			if name != "of two copies" {
				if err := w.store.Table.DeleteAll(ctx, []store.Key{set.Key}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.store.Table.PutAll(ctx, spoiled); err != nil {
				t.Fatal(err)
			}
			got, err := w.Usage(ctx, w.c, calendar.Range{From: date, To: date})
			if err != nil && !fault.Is(err, fault.Store) || got.Totals.ActiveUsers != nil || got.Totals.CreditsUsed != nil {
				t.Errorf("%v: the totals are %+v", err, got.Totals)
			}
		})
	}
}

// item returns the item whose sort key has the prefix.
func (w *world) item(t *testing.T, prefix string) store.Item {
	t.Helper()
	for item, err := range w.store.Table.Query(ctx, store.Range{Partition: "connector#acme/" + w.c.ID, From: prefix, To: prefix + "~"}) {
		if err != nil {
			t.Fatal(err)
		}
		return item
	}
	t.Fatalf("no item begins with %s", prefix)
	return store.Item{}
}
