package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAReminderIsClaimedByOneAndSentOnce(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		claim := func(reminder string, want bool) {
			t.Helper()
			if got, err := w.ClaimReminder(t.Context(), ref, reminder, w.clock().Add(time.Minute)); err != nil || got != want {
				t.Errorf("claiming %s: %v, %v", reminder, got, err)
			}
		}
		var won atomic.Int64
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				got, err := w.ClaimReminder(t.Context(), ref, "sha256:1#14", w.clock().Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if got {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d won", won.Load())
		}
		w.wait(time.Minute) // and that one died
		claim("sha256:1#14", true)
		if err := w.ReminderSent(t.Context(), ref, "sha256:1#14"); err != nil {
			t.Fatal(err)
		}
		w.wait(1000 * time.Hour)
		claim("sha256:1#14", false)
		claim("sha256:1#7", true)
		claim("sha256:2#14", true)
	})
}
