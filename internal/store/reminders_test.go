package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

const reminder = "sha256:1a2b3c4d5e6f#2026-12-06#14#operations"

func TestAReminderBelongsToOneSenderUntilItIsSent(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		claim := func(ref connector.Ref, reminder string, want bool, wantCode fault.Code) {
			t.Helper()
			claimed, err := w.ClaimReminder(t.Context(), ref, reminder, time.Minute)
			if claimed != want || fault.CodeOf(err) != wantCode {
				t.Errorf("claimed: %v, %v", claimed, err)
			}
		}
		claim(ref, reminder, true, "")
		claim(ref, reminder, false, fault.Conflict)
		claim(ref, reminder+"#other", true, "")
		claim(connector.Ref{Tenant: "acme-2", ID: ref.ID}, reminder, true, "")

		if err := w.ReleaseReminder(t.Context(), ref, reminder); err != nil {
			t.Error(err)
		}
		claim(ref, reminder, true, "")
		w.clock.Advance(time.Minute - time.Second)
		claim(ref, reminder, false, fault.Conflict)
		w.clock.Advance(time.Second) // the sender has died
		claim(ref, reminder, true, "")

		for range 2 {
			if err := w.ReminderSent(t.Context(), ref, reminder); err != nil {
				t.Error(err)
			}
		}
		claim(ref, reminder, false, "")
		w.clock.Advance(2 * 365 * 24 * time.Hour) // longer than any token lives
		claim(ref, reminder, false, "")
	})
}

func TestAReminderIsRemovedWithItsConnector(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	if err := w.ReminderSent(t.Context(), c.Ref, reminder); err != nil {
		t.Fatal(err)
	}
	if err := w.Remove(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if left := w.gathered(t, c.Ref); len(left) > 0 {
		t.Errorf("items left: %v", left)
	}
}

func TestOneOfManySendersClaimsAReminder(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		for range 5 {
			var got atomic.Int64
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					claimed, err := w.ClaimReminder(t.Context(), ref, reminder, time.Minute)
					if claimed == (err != nil) || err != nil && !fault.Is(err, fault.Conflict) {
						t.Errorf("claimed: %v, %v", claimed, err)
					}
					if claimed {
						got.Add(1)
					}
				})
			}
			all.Wait()
			if got.Load() != 1 {
				t.Errorf("%d senders claimed the reminder, want 1", got.Load())
			}
			w.clock.Advance(time.Minute)
		}
	})
}

// Whichever call fails, and whether or not it was carried out: a reminder that was not sent can be sent after the claim has
// ended.
func TestAReminderIsNotLostToAStoreThatFails(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			ref, failing := newRef(), w.through(p)
			claimed, err := failing.ClaimReminder(t.Context(), ref, reminder, time.Minute)
			if claimed && err != nil {
				t.Errorf("claimed, and yet %v", err)
			}
			if claimed {
				err = failing.ReleaseReminder(t.Context(), ref, reminder)
			}
			if err != nil && fault.Is(err, fault.Conflict) {
				t.Errorf("no other sender exists, and yet %v", err)
			}
			w.clock.Advance(time.Minute)
			if claimed, err := w.ClaimReminder(t.Context(), ref, reminder, time.Minute); !claimed || err != nil {
				t.Errorf("claimed after that: %v, %v", claimed, err)
			}
		})
	})
}
