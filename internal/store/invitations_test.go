package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestATenantsInvitationsAreCountedPerDay(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		tenant := "acme"
		for i, step := range []struct {
			after time.Duration
			n     int
			wait  time.Duration
		}{
			{0, 4, 0},
			{time.Hour, 5, 0},
			{time.Hour, 2, 22 * time.Hour}, // until the four are a day old
			{0, 1, 0},
			{0, 6, 23 * time.Hour},
			{0, 11, 24 * time.Hour}, // more than the limit; the caller never asks for so many
			{22 * time.Hour, 4, 0},
			{0, 1, time.Hour},
		} {
			w.clock.Advance(step.after)
			wait, err := w.CountInvitations(t.Context(), tenant, step.n, 10)
			if err != nil || wait != step.wait {
				t.Errorf("step %d: got %s, %v", i, wait, err)
			}
		}
		if wait, err := w.CountInvitations(t.Context(), "acme-2", 10, 10); wait != 0 || err != nil {
			t.Errorf("another tenant: %s, %v", wait, err)
		}
	})
}

func TestConcurrentInvitationsAreCountedTogether(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		var counted atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if wait, err := w.CountInvitations(t.Context(), "acme-many", 3, 10); err != nil {
					t.Error(err)
				} else if wait == 0 {
					counted.Add(3)
				}
			})
		}
		all.Wait()
		if counted.Load() != 9 {
			t.Errorf("%d invitations were allowed", counted.Load())
		}
	})
}
