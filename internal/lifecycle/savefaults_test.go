package lifecycle_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
)

// eachFault runs test with each failure at each call, until the test makes fewer calls.
func eachFault(t *testing.T, test func(t *testing.T, w *world, f *faults)) {
	t.Helper()
	for _, failure := range []failure{refused, lost, dies, ends} {
		for at, met := 1, true; met; at++ {
			f := &faults{at: at, failure: failure}
			t.Run(fmt.Sprintf("call %d %s", at, failure), func(t *testing.T) { test(t, newWorld(t), f) })
			met = len(f.calls) >= at
			if at > 50 {
				t.Fatal("the test makes more than 50 calls")
			}
		}
	}
}

// mustBeTold checks that after an error nothing is live, unless the process died and could not see to that.
func (w *world) mustBeTold(t *testing.T, saved *connector.Connector, err error, f *faults) {
	t.Helper()
	now := live(w.stored(t))
	switch unknown := f.failure == ends || f.failure == dies; {
	case (saved == nil) == (err == nil):
		t.Errorf("Save returned %v and %v, want exactly one of them", saved, err)
	case err == nil && !slices.Equal(now, []string{saved.ID}):
		t.Errorf("%s was saved, and live connectors are %v", saved.ID, now)
	case err != nil && len(now) > 0 && !unknown:
		t.Errorf("after %v: %v, and live connectors are %v", f.calls, err, now)
	}
}

func TestAFailedSaveLeavesNoTokenWithoutAConnector(t *testing.T) {
	t.Parallel()
	eachCredential(t, func(t *testing.T, first, _ credential.Token) {
		eachFault(t, func(t *testing.T, w *world, f *faults) {
			w.passes(first)
			f.each = func(call string) { w.mustBeSafe(t, "after "+call) }
			saved, err := w.through(f).Save(t.Context(), requestWith(first, "octo-demo"))
			w.mustBeTold(t, saved, err, f)
			before := live(w.stored(t))
			if left := live(w.clean(t)); !slices.Equal(left, before) {
				t.Errorf("live connectors were %v, and are %v after the clean-up", before, left)
			}
		})
	})
}

func TestAfterAFailedSaveAnotherSucceeds(t *testing.T) {
	t.Parallel()
	eachFault(t, func(t *testing.T, w *world, f *faults) {
		first, err := w.through(f).Save(t.Context(), request("octo-demo"))
		w.Advance(3 * time.Minute)
		again := &faults{each: func(call string) { w.mustBeSafe(t, "after "+call) }}
		second, secondErr := w.through(again).Save(t.Context(), request("Octo-Demo"))
		exists, _ := errors.AsType[*lifecycle.Exists](secondErr)
		switch {
		case first != nil && (exists == nil || exists.ID != first.ID):
			t.Errorf("the first Save succeeded, and the second got %v, %v", second, secondErr)
		case second == nil && exists == nil:
			t.Errorf("the first Save failed: %v, and so did the second: %v", err, secondErr)
		}
		now := live(w.stored(t))
		if len(now) != 1 || second != nil && now[0] != second.ID || exists != nil && now[0] != exists.ID {
			t.Errorf("live connectors are %v; the second Save got %v, %v", now, second, secondErr)
		}
		if left := live(w.clean(t)); !slices.Equal(left, now) {
			t.Errorf("live connectors were %v, and are %v after the clean-up", now, left)
		}
	})
}

// leave leaves behind what a Save leaves if the process dies at that call.
func (w *world) leave(t *testing.T, call string) {
	t.Helper()
	at := slices.Index([]string{"Holder", "Create", "Put", "Change"}, call) + 1
	if _, err := w.through(&faults{at: at, failure: dies}).Save(t.Context(), request("octo-demo")); err == nil {
		t.Fatal("the Save did not fail")
	}
}

func TestAFailedSaveAfterADeadOneLeavesNoTokenWithoutAConnector(t *testing.T) {
	t.Parallel()
	for _, died := range []string{"Put", "Change"} {
		t.Run("that died at "+died, func(t *testing.T) {
			eachFault(t, func(t *testing.T, w *world, f *faults) {
				w.leave(t, died)
				if _, err := w.through(&faults{}).Save(t.Context(), request("octo-demo")); !isExists(err) {
					t.Errorf("the first Save may still be running, and another one got %v", err)
				}
				w.Advance(2*time.Minute + time.Second)
				f.each = func(call string) { w.mustBeSafe(t, "after "+call) }
				saved, err := w.through(f).Save(t.Context(), request("octo-demo"))
				w.mustBeTold(t, saved, err, f)
				before := live(w.stored(t))
				if left := live(w.clean(t)); !slices.Equal(left, before) {
					t.Errorf("live connectors were %v, and are %v after the clean-up", before, left)
				}
			})
		})
	}
}

func isExists(err error) bool {
	_, ok := errors.AsType[*lifecycle.Exists](err)
	return ok
}

func TestAnAccountWhoseConnectorIsBeingDeletedCanBeSavedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.through(&faults{}).Save(t.Context(), request("octo-demo"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.store.Retire(t.Context(), first.Ref, func(c *connector.Connector) error {
		c.Phase = connector.Deleting
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.through(&faults{}).Save(t.Context(), request("octo-demo"))
	if err != nil {
		t.Fatal(err)
	}
	w.mustBeSafe(t, "beside one that is being deleted")
	if left := live(w.clean(t)); !slices.Equal(left, []string{second.ID}) {
		t.Errorf("connectors left: %v", left)
	}
}

func TestASaveSucceedsAlthoughTheAnswerOfItsLastWriteIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := &faults{at: 4, failure: lost}
	saved, err := w.through(f).Save(t.Context(), request("octo-demo"))
	if err != nil || f.calls[3] != "Change" || len(w.Queue.Waiting()) != 1 {
		t.Errorf("%v, %v: after %v the tasks are %v", saved, err, f.calls, w.Queue.Waiting())
	}
	if left := live(w.clean(t)); !slices.Equal(left, []string{saved.ID}) {
		t.Errorf("connectors left: %v", left)
	}
}

// TestASaveThatComesBackFromTheDead stops one Save before a call until another Save has cleaned up after it and taken the
// account.
func TestASaveThatComesBackFromTheDead(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"Put", "Change"} {
		t.Run("before "+before, func(t *testing.T) {
			w := newWorld(t)
			var second *connector.Connector
			f := &faults{}
			f.each = func(call string) {
				if next := map[string]string{"Create": "Put", "Put": "Change"}[call]; next == before && second == nil {
					w.Advance(3 * time.Minute)
					var err error
					if second, err = w.through(&faults{}).Save(t.Context(), request("octo-demo")); err != nil {
						t.Error(err)
					}
				}
			}
			if first, err := w.through(f).Save(t.Context(), request("octo-demo")); !fault.Is(err, fault.Conflict) {
				t.Errorf("the first Save got %v, %v", first, err)
			}
			w.mustBeSafe(t, "in the end")
			if left := live(w.clean(t)); second == nil || !slices.Equal(left, []string{second.ID}) {
				t.Errorf("connectors left: %v", left)
			}
		})
	}
}

// TestASaveThatIsClearedAwayCannotBecomeLive continues one Save at the moment in which another is about to delete its token.
func TestASaveThatIsClearedAwayCannotBecomeLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stopped, cleared, first := make(chan struct{}), make(chan struct{}), make(chan error)
	slow := &faults{each: func(call string) {
		if call == "Put" {
			close(stopped)
			<-cleared
		}
	}}
	go func() {
		_, err := w.through(slow).Save(t.Context(), request("octo-demo"))
		first <- err
	}()
	<-stopped
	w.Advance(3 * time.Minute)
	fast := &faults{}
	fast.each = func(call string) {
		if call == "Retire" && len(fast.calls) == 3 { // the calls so far are Holder, Create and Retire; next the token is deleted
			close(cleared)
			if err := <-first; !fault.Is(err, fault.Conflict) {
				t.Errorf("the first Save got %v", err)
			}
		}
		w.mustBeSafe(t, "after "+call)
	}
	second, err := w.through(fast).Save(t.Context(), request("octo-demo"))
	if err != nil {
		t.Fatal(err)
	}
	if left := live(w.clean(t)); !slices.Equal(left, []string{second.ID}) {
		t.Errorf("connectors left: %v", left)
	}
}
