package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestOneOwnerAtATimeHasTheLease(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		acquire := func(owner string, want bool) {
			t.Helper()
			if got, err := w.Acquire(t.Context(), ref, owner, w.clock.Now().Add(time.Minute)); err != nil || got != want {
				t.Errorf("%s acquires the lease: %v, %v", owner, got, err)
			}
		}
		release := func(owner string) {
			t.Helper()
			if err := w.Release(t.Context(), ref, owner); err != nil {
				t.Errorf("%s releases: %v", owner, err)
			}
		}
		acquire("first", true)
		acquire("second", false)
		acquire("first", true) // again, for longer
		release("second")
		acquire("second", false)
		release("first")
		release("first")
		acquire("second", true)

		w.clock.Advance(time.Minute) // the second owner works for too long
		acquire("third", true)
		release("second")
		acquire("second", false)
		w.clock.Advance(30 * time.Second)
		acquire("third", true)
		w.clock.Advance(59 * time.Second)
		acquire("second", false)
		w.clock.Advance(time.Second)
		acquire("second", true)
	})
}

func TestOneOfManyOwnersGetsTheLease(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		for range 5 {
			var got atomic.Int64
			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					free, err := w.Acquire(t.Context(), ref, fmt.Sprint("owner ", i), w.clock.Now().Add(time.Minute))
					if err != nil {
						t.Error(err)
					}
					if free {
						got.Add(1)
					}
				})
			}
			all.Wait()
			if got.Load() != 1 {
				t.Errorf("%d owners got the lease, want 1", got.Load())
			}
			w.clock.Advance(time.Minute)
		}
	})
}

func TestAnOwnerKeepsALeaseWhoseAnswerWasLost(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			ref, until := newRef(), w.clock.Now().Add(time.Minute)
			_, err := w.through(p).Acquire(t.Context(), ref, "first", until)
			if free, again := w.Acquire(t.Context(), ref, "first", until); !free || again != nil {
				t.Errorf("after %v: %v, %v", err, free, again)
			}
		})
	})
}
