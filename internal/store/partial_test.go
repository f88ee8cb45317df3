package store_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/resume"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// half returns a report that was read in part.
func half(name string, pages int) resume.Partial {
	p := resume.Partial{Bookmark: resume.Bookmark{Parts: []string{`"etag-1"`, name}, Offset: 123_456_789_012}}
	for i := range pages {
		p.Pages = append(p.Pages, bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 10+i%7))
	}
	return p
}

func TestAStoredPartialReportIsReadUnchanged(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		kept := func(date calendar.Date, want *resume.Partial) {
			t.Helper()
			got, err := w.Partial(t.Context(), ref, date)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
		kept(day, nil)
		first, second, other := half("first", 256), half("second", 3), half("other", 1)
		must(w.SavePartial(t.Context(), ref, day, first))
		must(w.SavePartial(t.Context(), ref, day+1, other))
		kept(day, &first)
		must(w.SavePartial(t.Context(), ref, day, second))
		kept(day, &second)
		kept(day+1, &other)
		must(w.DropPartial(t.Context(), ref, day))
		must(w.DropPartial(t.Context(), ref, day))
		kept(day, nil)
		kept(day+1, &other)
		w.clock.Advance(48 * time.Hour)
		kept(day+1, nil)
		if left := w.gathered(t, ref); len(left) > 0 {
			t.Errorf("after two days these items are left: %q", left)
		}
	})
}

func TestAPartialReportWithALostPageIsNil(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		if err := w.SavePartial(t.Context(), ref, day, half("first", 9)); err != nil {
			t.Fatal(err)
		}
		items := w.items(t, "connector#acme/"+ref.ID)
		if err := w.table.DeleteAll(t.Context(), []store.Key{items[len(items)/2].Key}); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Partial(t.Context(), ref, day); got != nil || err != nil {
			t.Errorf("the partial report is %v, %v, want nil", got, err)
		}
	})
}

func TestThePartialReportIsTheOldOrTheNewOneWhicheverCallFails(t *testing.T) {
	w := boltWorld(t)
	eachFault(t, func(t *testing.T, p *probe) {
		ref, old, latest := newRef(), half("old", 8), half("latest", 16)
		if err := w.SavePartial(t.Context(), ref, day, old); err != nil {
			t.Fatal(err)
		}
		err := w.through(p).SavePartial(t.Context(), ref, day, latest)
		got, readErr := w.Partial(t.Context(), ref, day)
		if readErr != nil || !cmp.Equal(got, &latest) && (err == nil || !cmp.Equal(got, &old)) {
			t.Errorf("after %v the partial report is %v, %v", err, got, readErr)
		}
	})
}
