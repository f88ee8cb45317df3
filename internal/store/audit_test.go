package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// record changes a connector n times, seven times at each instant, and returns the events, oldest first.
func (w *world) record(t *testing.T, ref connector.Ref, n int) []audit.Event {
	t.Helper()
	var all []audit.Event
	for i := range n {
		changed, err := w.Change(t.Context(), ref, func(c *connector.Connector) error {
			at := begins.Add(time.Duration(i/7) * 1_500_000_001).In(time.FixedZone("elsewhere", 3600)) // all instants but the first have fractions of a second
			c.Record(at, "arn:aws:sts::123456789012:assumed-role/admin-app/ann", audit.PollAsked, fmt.Sprint("event ", i))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, changed.Events...)
	}
	return all
}

func TestEventsAreListedNewestFirstPageByPage(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c, other := w.create(t, "acme", "octo-demo"), w.create(t, "acme", "octo-other")
		events := w.record(t, c.Ref, 120)
		w.record(t, other.Ref, 3)
		newestFirst := func(a, b audit.Event) int {
			if order := b.At.Compare(a.At); order != 0 {
				return order
			}
			return strings.Compare(b.ID, a.ID) // events of the same instant come in any order, but always in the same
		}
		slices.SortFunc(events, newestFirst)
		for _, limit := range []int{1, 7, 100, 119, 120, 121} {
			var got []audit.Event
			for place, pages := "", 0; ; pages++ {
				page, next, err := w.Audit(t.Context(), c.Ref, place, limit)
				if err != nil || len(page) > limit || next != "" && len(page) < limit || pages > len(events) {
					t.Fatalf("page %d of %d each has %d: %v", pages, limit, len(page), err)
				}
				got = append(got, page...)
				if place = next; place == "" {
					break
				}
			}
			if diff := cmp.Diff(events, got); diff != "" {
				t.Errorf("%d at a time (-want +got):\n%s", limit, diff)
			}
		}
		if none, next, err := w.Audit(t.Context(), connector.Ref{Tenant: "acme-2", ID: c.ID}, "", 100); len(none) > 0 || next != "" || err != nil {
			t.Errorf("another tenant is shown %v, %q, %v", none, next, err)
		}
	})
}

func TestAnInventedPageTokenShowsNoOtherItems(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c := w.create(t, "acme", "octo-demo")
		if err := w.ReminderSent(t.Context(), c.Ref, reminder); err != nil {
			t.Fatal(err)
		}
		w.record(t, c.Ref, 20)
		for _, place := range []string{
			"x", "~", "~~~", "0", " ", "#", "2026", "2026-11-22T06:00:03.000000002Z#zzzzzzzzzzzzzzzzzzzz", "9999-12-31T23:59:59.999999999Z#aaaaaaaaaaaaaaaaaaaa",
			"\x00", "\xff", strings.Repeat("x", 2000),
		} {
			events, next, err := w.Audit(t.Context(), c.Ref, place, 5)
			if err != nil && len(events) > 0 || len(events) > 5 || next != "" && len(events) < 5 {
				t.Errorf("%.40q shows %d events, %q, %v", place, len(events), next, err)
			}
			for _, event := range events {
				if event.Action != audit.PollAsked {
					t.Errorf("%.40q shows %v", place, event)
				}
			}
		}
	})
}

// A change of a connector and its event are written together or not at all.
func TestAnEventIsStoredTogetherWithItsChange(t *testing.T) {
	whole := func(t *testing.T, w *world, ref connector.Ref, wants map[string]int) {
		t.Helper()
		c, err := w.Connector(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		events, _, err := w.Audit(t.Context(), ref, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		state := "none"
		if c != nil {
			state = string(c.Phase)
		}
		if want, ok := wants[state]; !ok || want != len(events) {
			t.Errorf("a connector in phase %s has the events %v", state, events)
		}
	}
	onEachTable(t, func(t *testing.T, w *world) {
		n := 0
		newOne := func() *connector.Connector {
			n++
			c := newConnector("acme", slugOf(n))
			c.Record(begins, "local", audit.Saved, "saved")
			return c
		}
		t.Run("Create", func(t *testing.T) {
			eachFault(t, func(t *testing.T, p *probe) {
				c := newOne()
				want := map[string]int{"saving": 1}
				if _, err := w.through(p).Create(t.Context(), c); err != nil {
					want["none"] = 0
				}
				whole(t, w, c.Ref, want)
			})
		})
		t.Run("Retire", func(t *testing.T) {
			eachFault(t, func(t *testing.T, p *probe) {
				c := newOne()
				if _, err := w.Create(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				_, err := w.through(p).Retire(t.Context(), c.Ref, func(c *connector.Connector) error {
					c.Phase = connector.Deleting
					c.Record(begins, "local", audit.Deleted, "deleted")
					return nil
				})
				want := map[string]int{"deleting": 2}
				if err != nil {
					want["saving"] = 1
				}
				whole(t, w, c.Ref, want)
			})
		})
		t.Run("a change that is refused", func(t *testing.T) {
			c := newOne()
			if _, err := w.Create(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			_, err := w.Change(t.Context(), c.Ref, func(c *connector.Connector) error {
				c.Record(begins, "local", audit.Deleted, "deleted")
				return errors.New("no")
			})
			if err == nil {
				t.Error("the change was not refused")
			}
			whole(t, w, c.Ref, map[string]int{"saving": 1})
		})
	})
}

// Another writer is faster. The change is then applied again to the new state of the connector, and recorded once.
func TestAChangeThatIsRepeatedIsRecordedOnce(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	tries := 0
	_, err := w.Change(t.Context(), c.Ref, func(c *connector.Connector) error {
		if tries++; tries < 3 {
			w.phase(t, c.Ref, []connector.Phase{connector.Live, connector.Saving}[tries%2])
		}
		c.Record(begins, "local", audit.Changed, "changed")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if events, _, err := w.Audit(t.Context(), c.Ref, "", 10); err != nil || len(events) != 1 || tries < 2 {
		t.Errorf("after %d tries the events are %v, %v", tries, events, err)
	}
}
