package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Whichever call fails, the last use of a restated day is that of its new people, never a mix of old and new.
func TestTheLastUseIsRightWhicheverCallFails(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	eachFault(t, func(t *testing.T, p *probe) {
		ref := newRef()
		keep := func() {
			t.Helper()
			for _, date := range []calendar.Date{day, day - 40} {
				if err := w.KeepActive(t.Context(), ref, date); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.poll(t, ref, day-40, edition{"old", 30})
		w.poll(t, ref, day, edition{"first", 50})
		keep()
		w.poll(t, ref, day, edition{"second", 20})
		watched := w.through(p)
		if err := watched.KeepActive(t.Context(), ref, day); err == nil {
			_ = watched.KeepYear(t.Context(), ref, day)
		}
		for range 2 {
			for _, days := range []calendar.Range{{From: day - 45, To: today}, {From: day - 300, To: today}} {
				use, err := w.LastUse(t.Context(), ref, days, days.From)
				if err != nil {
					t.Fatal(err)
				}
				if got, lacking := use.Active(), use.Lacking; got != 30 || lacking != nil {
					t.Errorf("%d people were active, want 30; days that lack people: %v, want none", got, lacking)
				}
				last := use.Of(idsOf(20))
				if diff := cmp.Diff(day, last[idsOf(20)[0]]); diff != "" || len(last) != 20 {
					t.Errorf("the last use is known of %d people, want 20; day (-want +got):\n%s", len(last), diff)
				}
			}
			keep()
		}
	})
}

// idsOf returns the ids of the first people of an edition, in order. They are the same in every edition.
func idsOf(many int) (ids []int64) {
	dice := diceOf(11, 13)
	for range many {
		ids = append(ids, 1+dice.Int64N(200_000_000))
	}
	slices.Sort(ids)
	return ids
}
