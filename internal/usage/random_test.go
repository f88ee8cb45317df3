//go:build !race

package usage_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

func TestAllAnswersTogetherHaveEachPersonOnceWithTheirSums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w.anew()
		people := map[calendar.Date][]metrics.UserDay{}
		for _, date := range span().Days() {
			if rapid.IntRange(0, 4).Draw(t, "stored") > 0 {
				people[date] = crowd(t, date)
				w.put(t, date, int64(len(people[date])), people[date])
			}
		}
		want, got := sums(people), byID(t, w.everybody(t, func() {}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("users (-want +got):\n%.3000s", diff)
		}
		for id := range want { // some people
			one, err := w.User(ctx, w.c, span(), strconv.FormatInt(id, 10))
			if diff := cmp.Diff(usage.Users{From: span().From, To: span().To, Total: new(1), Users: []metrics.UserUsage{want[id]}}, one); err != nil || diff != "" {
				t.Fatalf("%v: %d alone (-want +got):\n%s", err, id, diff)
			}
			if id%3 == 0 {
				break
			}
		}
		if one, err := w.User(ctx, w.c, span(), "1000000"); err != nil || len(one.Users) > 0 || one.Users == nil {
			t.Fatalf("an unknown person is %v, %v", one, err)
		}
	})
}

// TestAnUnchangedPersonIsListedOnceWhileDaysAreRestated adds and removes pages of days between two answers.
func TestAnUnchangedPersonIsListedOnceWhileDaysAreRestated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w.anew()
		core := map[calendar.Date][]metrics.UserDay{}
		others := func(date calendar.Date) (people []metrics.UserDay) {
			for id := range rapid.SampledFrom([]int64{0, 10, 700, 1300}).Draw(t, "others") {
				people = append(people, someone(100_000+id, "other", date))
			}
			return people
		}
		restate := func(date calendar.Date) {
			people := slices.Concat(core[date], others(date))
			w.put(t, date, int64(len(people)), people)
		}
		for _, date := range span().Days() {
			core[date] = crowd(t, date)
			restate(date)
		}
		got := byID(t, w.everybody(t, func() {
			restate(rapid.SampledFrom(span().Days()).Draw(t, "restated"))
		}))
		for id := range got {
			if id >= 100_000 {
				delete(got, id)
			}
		}
		ofAll := cmpopts.IgnoreFields(metrics.UserUsage{}, "CreditsShare")
		if diff := cmp.Diff(sums(core), got, ofAll); diff != "" {
			t.Fatalf("users (-want +got):\n%.3000s", diff)
		}
	})
}

func TestAListKeepsItsOrderAcrossAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w.anew()
		people := map[calendar.Date][]metrics.UserDay{}
		for _, date := range span().Days() {
			people[date] = crowd(t, date)
			w.put(t, date, int64(len(people[date])), people[date])
		}
		list := usage.UserList{
			Login:      rapid.SampledFrom([]string{"", "", "a", "B-", "77", "nobody"}).Draw(t, "q"),
			Sort:       rapid.SampledFrom(append(usage.UserSorts(), "")).Draw(t, "sort"),
			Descending: rapid.Bool().Draw(t, "descending"),
		}
		want, got := inOrder(sums(people), list), w.ordered(t, list)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("users (-want +got):\n%.3000s", diff)
		}
	})
}

// Items of months and days are kept, lost or out of date. Each number must be that of the days' sets.
func TestTheTotalsAgreeWithTheSetsOfTheDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		span := w.live(rt)
		days := within(rt, span)
		got, err := w.Compared(ctx, w.c, days)
		if err != nil {
			rt.Fatal(err)
		}
		w.mustTotal(rt, days, got.Totals, got.Days)
		before := calendar.Range{From: got.Previous.From, To: got.Previous.To}
		w.mustTotal(rt, before, got.Previous.Totals, nil)
		months, err := w.Months(ctx, w.c, days)
		if err != nil {
			rt.Fatal(err)
		}
		for _, month := range months {
			w.mustTotal(rt, calendar.Range{From: month.From, To: month.To}, month.Totals, nil)
		}
	})
}

// Items of months may be missing, lost, or out of date because a day was restated. The answer must still be that of the days'
// sets.
func TestTheLastUseAgreesWithTheSetsOfTheDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		span := w.live(rt)
		days := within(rt, span)
		wantLast, wantActive, wantWhole := w.lastSeen(rt, days)
		use, list, whole, err := w.LastUse(ctx, w.c, days, int(days.To-days.From)+1)
		if err != nil {
			rt.Fatal(err)
		}
		if wantWhole && !whole {
			rt.Fatal("not everybody is known")
		}
		if !wantWhole { // the sets are lost, but the items of months may still have the people
			return
		}
		ids := make([]int64, 20)
		for i := range ids {
			ids[i] = int64(i)
		}
		if diff := cmp.Diff(wantLast, use.Of(ids)); diff != "" || use.Active() != wantActive {
			rt.Fatalf("%s: %d are active, want %d (-want +got):\n%s", days, use.Active(), wantActive, diff)
		}
		want, err := w.Usage(ctx, w.c, days)
		if diff := cmp.Diff(want.Days, list); err != nil || diff != "" {
			rt.Fatalf("%v: the days are (-want +got):\n%s", err, diff)
		}
	})
}
