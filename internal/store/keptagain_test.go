package store_test

import (
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// A batch of which only some items were written, or an item that is damaged, never makes the year wrong. The next run that has read the
// month makes the values again, although no report is new.
func TestALostOrHalfWrittenMonthIsMadeAgain(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	old := day - 40
	for what, harm := range map[string]func(body []byte) []byte{
		"lost":                     func([]byte) []byte { return nil },
		"the first part of two":    func(body []byte) []byte { return parted(body[:len(body)/2], 2) },
		"one that ends too early":  func(body []byte) []byte { return body[:len(body)-5] },
		"without a head":           func([]byte) []byte { return []byte("x") },
		"of the reports of before": func(body []byte) []byte { return append([]byte{^body[0]}, body[1:]...) },
	} {
		for _, value := range []string{"lastdays#", "active#"} {
			t.Run(value+" "+what, func(t *testing.T) {
				t.Parallel()
				ref := newRef()
				w.poll(t, ref, old, edition{"old", 30})
				w.poll(t, ref, day, edition{"first", 20})
				check(t, w.KeepActive(t.Context(), ref, old, day))
				calls := w.activeOfTheYear(t, ref)
				w.harm(t, ref, value+old.String()[:7], harm)
				w.activeOfTheYear(t, ref)
				check(t, w.KeepYear(t.Context(), ref, day))
				w.activeOfTheYear(t, ref)
				check(t, w.KeepActive(t.Context(), ref, day, old))
				if again := w.activeOfTheYear(t, ref); !slices.Equal(calls, again) {
					t.Errorf("a reader makes the calls %v, before %v", again, calls)
				}
			})
		}
	}
}

// A run that crashed is repeated and finds nothing new in the reports.
func TestARepeatedRunMakesTheMonthsAndTheYearOfTheCrashedOne(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	stored := func(t *testing.T) connector.Ref {
		ref := newRef()
		w.poll(t, ref, day-40, edition{"old", 30})
		w.poll(t, ref, day, edition{"first", 20})
		return ref
	}
	whole := stored(t)
	check(t, w.KeepActive(t.Context(), whole, day-40, day))
	want := w.activeOfTheYear(t, whole)
	eachFault(t, func(t *testing.T, p *probe) {
		ref := stored(t)
		_ = w.through(p).KeepActive(t.Context(), ref, day-40, day)
		check(t, w.KeepActive(t.Context(), ref, day-40, day))
		if calls := w.activeOfTheYear(t, ref); !slices.Equal(want, calls) {
			t.Errorf("a reader makes the calls %v, after a run without a crash %v", calls, want)
		}
		quiet := &probe{}
		check(t, w.through(quiet).KeepActive(t.Context(), ref, day-40, day))
		if want := []string{"Query", "GetAll", "Query", "GetAll"}; !slices.Equal(quiet.calls, want) {
			t.Errorf("if nothing is new, the calls are %v, want %v", quiet.calls, want)
		}
	})
}

// activeOfTheYear checks how many people were active within a year, and returns the calls that this takes.
func (w *world) activeOfTheYear(t *testing.T, ref connector.Ref) []string {
	t.Helper()
	p := &probe{}
	use, err := w.through(p).LastUse(t.Context(), ref, calendar.Range{From: day - 300, To: today}, day-300)
	check(t, err)
	if use.Active() != 30 || use.Lacking != nil {
		t.Errorf("%d people were active, want 30; days that lack people: %v", use.Active(), use.Lacking)
	}
	slices.Sort(p.calls)
	return p.calls
}

// harm changes the bodies of the items whose sort keys begin with a prefix. It deletes them if the new body is nil.
func (w *world) harm(t *testing.T, ref connector.Ref, prefix string, harm func([]byte) []byte) {
	t.Helper()
	var writes []store.Item
	var lost []store.Key
	for _, item := range w.items(t, "connector#"+ref.Tenant+"/"+ref.ID) {
		if !strings.HasPrefix(item.Sort, prefix) {
			continue
		}
		if body := harm(slices.Clone(item.Body)); body != nil {
			writes = append(writes, store.Item{Key: item.Key, Body: body})
		} else {
			lost = append(lost, item.Key)
		}
	}
	if len(writes)+len(lost) == 0 {
		t.Fatalf("there is no item %s", prefix)
	}
	check(t, w.table.PutAll(t.Context(), writes))
	check(t, w.table.DeleteAll(t.Context(), lost))
}

// parted returns the body as the first of some parts.
func parted(body []byte, parts byte) []byte {
	body[16] = parts
	return body
}
