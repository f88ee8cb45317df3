package store_test

import (
	"slices"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// fill stores an item of each kind for a connector.
func (w *world) fill(t testing.TB, ref connector.Ref) {
	t.Helper()
	for _, e := range []edition{{"first", 40}, {"second", 50}, {"second", 50}} {
		w.poll(t, ref, day, e)
		w.poll(t, ref, today-1, e)
	}
	if err := w.SavePartial(t.Context(), ref, today-2, half("half", 5)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Partial(t.Context(), ref, today-2); err != nil {
		t.Fatal(err)
	}
	if err := w.PutSeats(t.Context(), ref, today, seats(3, begins)); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsLeftOfARemovedConnectorWhicheverCallFails(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			c := w.create(t, "acme", "octo-"+connector.NewID())
			other := w.create(t, "acme", "other-"+connector.NewID())
			w.fill(t, c.Ref)
			w.fill(t, other.Ref)
			kept := w.gathered(t, other.Ref)

			if err := w.through(p).Remove(t.Context(), c); err != nil {
				found, _ := w.Connector(t.Context(), c.Ref)
				left := w.gathered(t, c.Ref)
				if found == nil && len(left) > 0 && !slices.Equal(left, []string{"lease"}) {
					t.Errorf("the connector is gone before %q", left)
				}
				if err := w.Remove(t.Context(), c); err != nil { // the next poll does the same
					t.Fatal(err)
				}
			}
			if left := w.gathered(t, c.Ref); len(left) > 0 {
				t.Errorf("items left: %q", left)
			}
			if found, err := w.Connector(t.Context(), c.Ref); found != nil || err != nil {
				t.Errorf("the connector is %v, %v", found, err)
			}
			if holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, c.Account); holder != nil || err != nil {
				t.Errorf("the account is held by %v, %v", holder, err)
			}
			due, err := w.Due(t.Context(), connector.Ref{}, 1000)
			has := func(ref connector.Ref) bool {
				return slices.ContainsFunc(due, func(d connector.Due) bool { return d.Ref == ref })
			}
			if err != nil || has(c.Ref) || !has(other.Ref) {
				t.Errorf("due connectors are %v, %v", due, err)
			}
			if now := w.gathered(t, other.Ref); !slices.Equal(kept, now) {
				t.Errorf("the other connector has %q", now)
			}
			w.create(t, "acme", c.Slug)
		})
	})
}

func TestAConnectorIsNotRemovedWhileItIsPolled(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c := w.create(t, "acme", "octo-demo")
		if free, err := w.Acquire(t.Context(), c.Ref, "a run", w.clock.Now().Add(5*time.Minute)); !free || err != nil {
			t.Fatal(free, err)
		}
		w.fill(t, c.Ref)
		if err := w.Remove(t.Context(), c); !fault.Is(err, fault.Conflict) {
			t.Errorf("Remove returned %v, want a conflict", err)
		}
		w.poll(t, c.Ref, today-3, edition{"first", 5}) // the run continues
		again := w.create(t, "acme", "octo-demo")      // its account is free all the same

		w.clock.Advance(5 * time.Minute) // the run has died
		if err := w.Remove(t.Context(), c); err != nil {
			t.Error(err)
		}
		if left := w.gathered(t, c.Ref); len(left) > 0 {
			t.Errorf("items left: %q", left)
		}
		if found, err := w.Connector(t.Context(), again.Ref); found == nil || err != nil {
			t.Errorf("the connector saved afterwards is %v, %v", found, err)
		}
	})
}

func TestAConnectorWithManyItemsIsRemovedWhole(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	for i := range 3 {
		if err := w.SavePartial(t.Context(), c.Ref, day+calendar.Date(i), half("half", 700)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Remove(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if left := w.gathered(t, c.Ref); len(left) > 0 {
		t.Errorf("%d items are left", len(left))
	}
}
