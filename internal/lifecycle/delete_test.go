package lifecycle_test

import (
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestADeleteRemovesTheTokenAtOnceAndTheRestLater(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	f := &faults{each: func(call string) { w.mustBeSafe(t, "after "+call) }}
	if found, err := w.through(f).Delete(t.Context(), ref, "tester"); !found || err != nil {
		t.Errorf("Delete returned %v, %v", found, err)
	}
	if _, err := w.Parts.Vault.Get(t.Context(), ref.Tenant, ref.ID); !fault.Is(err, fault.NoToken) {
		t.Errorf("the token: %v", err)
	}
	if ids := live(w.stored(t)); len(ids) > 0 || len(w.Queue.Waiting()) != 1 || w.Queue.Waiting()[0].Reason != connector.ReasonDeleted {
		t.Errorf("live connectors are %v, and tasks are %v", ids, w.Queue.Waiting())
	}
	if left := w.clean(t); len(left) > 0 {
		t.Errorf("connectors left: %v", left)
	}
	if found, err := w.through(&faults{}).Delete(t.Context(), ref, "tester"); found || err != nil {
		t.Errorf("a second delete: %v, %v", found, err)
	}
}

func TestAFailedDeleteLeavesTheConnectorWholeOrDeleting(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{false, true} {
		eachFault(t, func(t *testing.T, w *world, f *faults) {
			c, err := w.through(&faults{}).Save(t.Context(), request("octo-demo"))
			if err != nil {
				t.Fatal(err)
			}
			f.each = func(call string) { w.mustBeSafe(t, "after "+call) }
			_, err = w.through(f).Delete(t.Context(), c.Ref, "tester")
			before := live(w.stored(t))
			if err == nil && len(before) > 0 {
				t.Errorf("Delete succeeded, and live connectors are %v", before)
			}
			if again {
				if _, err := w.through(&faults{}).Delete(t.Context(), c.Ref, "tester"); err != nil {
					t.Error(err)
				}
				before = nil
			}
			if left := live(w.clean(t)); !slices.Equal(left, before) {
				t.Errorf("live connectors were %v, and are %v after the clean-up", before, left)
			}
		})
	}
}

func TestARotationDuringADeleteLeavesNoToken(t *testing.T) {
	t.Parallel()
	for at, moment := range []string{"before it begins", "while GitHub is asked", "before the token is stored", "before the connector is changed"} {
		t.Run(moment, func(t *testing.T) {
			w, ref := saved(t)
			remove := func() {
				if _, err := w.through(&faults{}).Delete(t.Context(), ref, "tester"); err != nil {
					t.Error(err)
				}
				if left := w.clean(t); len(left) > 0 {
					t.Errorf("connectors left: %v", left)
				}
			}
			f := &faults{}
			f.each = func(string) {
				if len(f.calls) == at { // the calls so far are Connector, Connector, Put
					remove()
				}
			}
			if at == 0 {
				remove()
			}
			rotated, err := w.through(f).Rotate(t.Context(), ref, credential.NewToken(secret+"new"), "ada")
			if rotated != nil || err != nil {
				t.Errorf("Rotate returned %v, %v", rotated, err)
			}
			w.mustBeSafe(t, "in the end")
		})
	}
}

func TestAFailedRotationLeavesTheConnectorWithAToken(t *testing.T) {
	t.Parallel()
	eachCredential(t, func(t *testing.T, first, next credential.Token) {
		eachFault(t, func(t *testing.T, w *world, f *faults) {
			w.passes(first)
			c, err := w.through(&faults{}).Save(t.Context(), requestWith(first, "octo-demo"))
			if err != nil {
				t.Fatal(err)
			}
			w.passes(next)
			f.each = func(call string) { w.mustBeSafe(t, "after "+call) }
			rotated, err := w.through(f).Rotate(t.Context(), c.Ref, next, "ada")
			if (rotated == nil) == (err == nil) {
				t.Errorf("Rotate returned %v, %v", rotated, err)
			}
			held, heldErr := w.Parts.Vault.Get(t.Context(), c.Tenant, c.ID)
			if isNew := held.Reveal() == next.Reveal(); heldErr != nil || err == nil && !isNew || !isNew && held.Reveal() != first.Reveal() {
				t.Errorf("%v: the credential is new: %v, %v", err, isNew, heldErr)
			}
			if left := live(w.clean(t)); !slices.Equal(left, []string{c.ID}) {
				t.Errorf("connectors left: %v", left)
			}
		})
	})
}
