package store_test

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// whole returns the name of the edition that readers see of the day: numbers, the set of people and all pages. It fails the test
// if one of them is missing.
func (w *world) whole(t testing.TB, ref connector.Ref) string {
	t.Helper()
	var people []byte
	days, err := daysAndPeople(t.Context(), w.Store, ref, calendar.Range{From: day, To: day}, func(_ ledger.Day, set []byte) error {
		people = set
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(days) == 0 {
		return "none"
	}
	d := days[0]
	if d.Users == nil {
		return digest(*d.ActiveUsers, people, nil)
	}
	var pages [][]byte
	for n := range d.Users.Pages {
		page, err := w.UsersPages(t.Context(), ref, ledger.HeadsOf(days), func(ledger.Head) []int { return []int{n} })
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page[day]...)
	}
	return digest(*d.ActiveUsers, people, pages)
}

// stored returns what readers see of an edition.
func (e edition) stored() string {
	reading, roster := e.reading(begins)
	roster = cmp.Or(roster, &ledger.PackedPeople{})
	return digest(*reading.Usage.ActiveUsers, roster.People, roster.Pages)
}

func digest(active int64, people []byte, pages [][]byte) string {
	return fmt.Sprintf("%d active, people %.4x, pages %.4x", active, sha256.Sum256(people), sha256.Sum256(slices.Concat(pages...)))
}

func TestADayChangesAtOnceWhicheverCallFails(t *testing.T) {
	for _, story := range []struct {
		name     string
		old, new edition
	}{
		{"a new day", edition{name: "none"}, edition{"first", 400}},
		{"a restated day", edition{"first", 400}, edition{"restated", 420}},
		{"a day whose people come late", edition{"quiet", 0}, edition{"late", 20}},
		{"a day that loses its people", edition{"busy", 20}, edition{"quiet", 0}},
	} {
		t.Run(story.name, func(t *testing.T) {
			onEachTable(t, func(t *testing.T, w *world) {
				eachFault(t, func(t *testing.T, p *probe) {
					ref, was := newRef(), "none"
					if story.old.name != "none" {
						w.poll(t, ref, day, story.old)
						was = story.old.stored()
					}
					seen := func() string {
						t.Helper()
						whole := w.whole(t, ref)
						if whole != was && whole != story.new.stored() {
							t.Errorf("after %v a reader sees %s, which is neither before nor after", p.calls, whole)
						}
						return whole
					}
					p.each = func() { seen() }
					err := poll(t.Context(), w.through(p), ref, day, story.new)
					if whole := seen(); err == nil && whole != story.new.stored() {
						t.Errorf("no error was returned, but a reader sees %s", whole)
					}
					w.poll(t, ref, day, story.new)
					if whole := seen(); whole != story.new.stored() {
						t.Errorf("after the next run a reader sees %s", whole)
					}
				})
			})
		})
	}
}

func TestASettledDayKeepsNothingOfEarlierRevisionsWhicheverCallFails(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			ref, neighbour := newRef(), newRef()
			settled := edition{"third", 400}
			for _, e := range []edition{{"first", 420}, {"second", 30}, {"never visible", 31}, settled} {
				s := w.Store
				if e.name == "never visible" {
					s = w.through(&probe{at: 3, failure: refused}) // the call after the pages fails
				}
				if err := poll(t.Context(), s, ref, day, e); (err != nil) != (e.name == "never visible") {
					t.Fatal(err)
				}
			}
			for _, date := range []calendar.Date{day - 1, day + 1} {
				w.poll(t, ref, date, edition{"first", 10})
				w.poll(t, ref, date, edition{"second", 11})
			}
			w.poll(t, neighbour, day, edition{"first", 10})
			w.poll(t, neighbour, day, edition{"second", 11})
			before := w.gathered(t, ref)

			p.each = func() {
				if whole := w.whole(t, ref); whole != settled.stored() {
					t.Errorf("after %v a reader sees %s", p.calls, whole)
				}
			}
			if err := poll(t.Context(), w.through(p), ref, day, settled); err != nil {
				w.poll(t, ref, day, settled)
			}
			if d, err := w.Day(t.Context(), ref, day); err != nil || !d.Settled || d.State != metrics.Final || d.Revision != 3 {
				t.Errorf("%v: the day is %+v", err, d)
			}
			if now := w.gathered(t, ref); !slices.Equal(before, now) {
				t.Errorf("the replaced items are removed at once: %q", now)
			}
			w.clock.Advance(time.Hour)
			if whole := w.whole(t, ref); whole != settled.stored() {
				t.Errorf("after an hour a reader sees %s", whole)
			}
			reading, _ := settled.reading(begins)
			hash, want := reading.Users.Hash, []string{}
			for _, key := range before {
				if ofDay := strings.Contains(key, "#"+day.String()+"#"); !ofDay || strings.Contains(key, hash) {
					want = append(want, key)
				}
			}
			if now := w.gathered(t, ref); !slices.Equal(want, now) {
				t.Errorf("items after an hour are\n%q, want\n%q", now, want)
			}
			if now := w.gathered(t, neighbour); len(now) != 7 {
				t.Errorf("the next day has %q", now)
			}
		})
	})
}
