package store_test

import (
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

const october = today - 52 // 1 October

// sumsOf returns the sums of everybody of a month by its stored value, and by its days. The first is nil if the value is not stored.
func (w *world) sumsOf(t *testing.T, ref connector.Ref) (kept, byDays []metrics.UserUsage) {
	t.Helper()
	heads, err := w.Heads(t.Context(), ref, calendar.Range{From: october, To: october + 30})
	check(t, err)
	all := shard.Pages(0, 0, 1)
	month := ledger.Head{Date: october, Users: ledger.MonthOf(heads)}
	pages, err := w.UserMonthPages(t.Context(), ref, []ledger.Head{month}, everyPage)
	check(t, err)
	stored := true
	var sums, days metrics.UserSums
	for _, page := range pages[october] {
		stored = stored && page != nil
		check(t, sums.AddMonthPage(october, page, all))
	}
	read, err := w.UsersPages(t.Context(), ref, heads, everyPage)
	check(t, err)
	for _, head := range heads {
		for _, page := range read[head.Date] {
			check(t, days.AddPage(head.Date, page, all))
		}
	}
	if !stored {
		return nil, days.Usage()
	}
	return sums.Usage(), days.Usage()
}

// Whichever call of KeepUsers fails, the value of a month is that of its days, or it is missing until the next KeepUsers.
func TestThePeopleOfAMonthAreThoseOfItsDaysWhicheverCallFails(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	eachFault(t, func(t *testing.T, p *probe) {
		ref := newRef()
		w.poll(t, ref, october+3, edition{"first", 500})
		w.poll(t, ref, october+9, edition{"second", 40})
		check(t, w.KeepUsers(t.Context(), ref, october))
		w.poll(t, ref, october+9, edition{"third", 900})
		if kept, _ := w.sumsOf(t, ref); kept != nil {
			t.Fatal("an outdated value counts")
		}
		_ = w.through(p).KeepUsers(t.Context(), ref, october)
		if kept, byDays := w.sumsOf(t, ref); kept != nil && len(kept) != len(byDays) {
			t.Errorf("%d people of the month, but %d of its days", len(kept), len(byDays))
		}
		check(t, w.KeepUsers(t.Context(), ref, october))
		if kept, byDays := w.sumsOf(t, ref); len(kept) != 900 || len(byDays) != 900 {
			t.Errorf("%d people of the month, and %d of its days", len(kept), len(byDays))
		}
		again := &probe{}
		if err := w.through(again).KeepUsers(t.Context(), ref, october); err != nil || again.cost.writeUnits > 0 {
			t.Errorf("%v, and an unchanged month took %d write units", err, again.cost.writeUnits)
		}
	})
}

// Nobody who was removed may stay in the value of a month.
func TestThePeopleOfAMonthAreRemovedWithThoseOfItsDays(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	for name, remove := range map[string]func(ref connector.Ref) error{
		"forgotten": func(ref connector.Ref) error {
			ids := someOf(edition{"first", 20}, 1)
			check(t, w.Forget(t.Context(), ref, october+3, ids))
			return w.ForgetMonth(t.Context(), ref, october, ids)
		},
		"too old": func(ref connector.Ref) error {
			check(t, w.RemovePeople(t.Context(), ref, october+3))
			return w.TidyActive(t.Context(), ref, calendar.Range{From: october + 3, To: october + 3}, today)
		},
	} {
		ref := newRef()
		w.poll(t, ref, october+3, edition{"first", 20})
		w.poll(t, ref, october+4, edition{"first", 20})
		check(t, w.KeepUsers(t.Context(), ref, october))
		if kept := strings.Join(w.keys(t, ref), " "); !strings.Contains(kept, "usermonth#2026-10#") {
			t.Fatal(name, "nobody was kept", kept)
		}
		check(t, remove(ref))
		if kept := strings.Join(w.keys(t, ref), " "); strings.Contains(kept, "usermonth#") {
			t.Errorf("%s people stay: %s", name, kept)
		}
		check(t, w.KeepUsers(t.Context(), ref, october))
		if kept, byDays := w.sumsOf(t, ref); len(kept) != len(byDays) {
			t.Errorf("%s: then there are %d people in the month, and %d on its days", name, len(kept), len(byDays))
		}
	}
}

// A month must not be kept before it has been over for some days.
func TestTheRunningMonthIsNotKept(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	ref := newRef()
	w.poll(t, ref, day, edition{"first", 20})
	check(t, w.KeepUsers(t.Context(), ref, day))
	if strings.Contains(strings.Join(w.keys(t, ref), " "), "usermonth#") {
		t.Error("it was kept")
	}
}
