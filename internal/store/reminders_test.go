package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestAReminderIsClaimedByOneAndSentOnce(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		claim := func(reminder string, want bool, code connector.Code) {
			t.Helper()
			if got, err := w.ClaimReminder(t.Context(), ref, reminder, time.Minute); got != want || connector.CodeOf(err) != code {
				t.Errorf("claiming %s: %v, %v", reminder, got, err)
			}
		}
		var won atomic.Int64
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				got, err := w.ClaimReminder(t.Context(), ref, "token#14", time.Minute)
				if got {
					won.Add(1)
				} else if !connector.Is(err, connector.CodeConflict) {
					t.Errorf("a loser is told %v", err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d won", won.Load())
		}
		claim("token#14", false, connector.CodeConflict)
		must(w.ReleaseReminder(t.Context(), ref, "token#14"))
		claim("token#14", true, "")
		w.wait(time.Minute) // and the winner died
		claim("token#14", true, "")
		must(w.ReminderSent(t.Context(), ref, "token#14"))
		w.wait(1000 * time.Hour)
		claim("token#14", false, "")
		claim("token#7", true, "")
		claim("other#14", true, "")
	})
}
