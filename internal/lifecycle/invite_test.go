package lifecycle_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
)

func TestOnlyNewAddressesOnTheListAreInvited(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	for _, step := range []struct{ list, mailed []string }{
		{[]string{"a@example.com", "b@example.com"}, []string{"a@example.com", "b@example.com"}},
		{[]string{"a@example.com", "b@example.com"}, nil},
		{[]string{"B@example.com", "a@example.com", "c@example.com"}, []string{"c@example.com"}},
		{[]string{"c@example.com"}, nil},
		{nil, nil},
		{[]string{"a@example.com"}, []string{"a@example.com"}}, // removed, and added again
	} {
		w.Post.Asked = nil
		if _, err := w.through(&faults{}).Change(t.Context(), ref, lifecycle.Changes{NotifyEmails: &step.list}, "ada"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.mailed, w.Post.Asked); diff != "" {
			t.Errorf("%v: invitations (-want +got):\n%s", step.list, diff)
		}
	}
}

func TestTheNextChangeRepeatsAFailedInvitation(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	list := []string{"a@example.com"}
	for range 2 {
		f := &faults{at: 3, failure: refused} // the calls are Connector, Change, Invite
		if _, err := w.through(f).Change(t.Context(), ref, lifecycle.Changes{NotifyEmails: &list}, "ada"); err != nil {
			t.Fatal(err)
		}
		if f.calls[2] != "Invite" {
			t.Fatalf("another call failed: %v", f.calls)
		}
	}
	w.Post.Asked = nil
	for range 2 {
		if _, err := w.through(&faults{}).Change(t.Context(), ref, lifecycle.Changes{NotifyEmails: &list}, "ada"); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(w.Post.Asked, list) {
		t.Errorf("invited were %v", w.Post.Asked)
	}
}

func TestATenantInvitesAHundredPeopleADay(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	change := func(round int) error {
		var list []string
		for i := range 10 {
			list = append(list, fmt.Sprintf("stranger-%d-%d@example.com", round, i))
		}
		_, err := w.through(&faults{}).Change(t.Context(), ref, lifecycle.Changes{NotifyEmails: &list}, "ada")
		return err
	}
	for round := range 9 { // the Save before has invited too
		if err := change(round); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		w.Advance(time.Minute)
	}
	before, err := w.store.Connector(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	w.Post.Asked = nil
	tooMany, ok := errors.AsType[*lifecycle.TooManyInvitations](change(10))
	if !ok || tooMany.RetryAfter != 24*time.Hour-9*time.Minute {
		t.Fatalf("got %+v, want a refusal for 24 hours less nine minutes", tooMany)
	}
	if after, err := w.store.Connector(t.Context(), ref); err != nil || cmp.Diff(before, after) != "" || len(w.Post.Asked) != 0 {
		t.Errorf("%v were mailed, the connector changed by\n%s", w.Post.Asked, cmp.Diff(before, after))
	}
	if _, err := w.through(&faults{}).Change(t.Context(), ref, lifecycle.Changes{NotifyEmails: new([]string{})}, "ada"); err != nil {
		t.Errorf("a change that invites nobody: %v", err)
	}
	other := request("octo-other")
	other.Tenant, other.NotifyEmails = "acme-2", []string{"a@example.com"}
	if _, err := w.through(&faults{}).Save(t.Context(), other); err != nil {
		t.Errorf("another tenant: %v", err)
	}
	other.Tenant, other.NotifyEmails = "acme", slices.Repeat([]string{"b@example.com"}, 10)
	if _, err := w.through(&faults{}).Save(t.Context(), other); !errors.As(err, new(*lifecycle.TooManyInvitations)) {
		t.Errorf("a Save may invite more than a change: %v", err)
	}
	w.Advance(tooMany.RetryAfter)
	if err := change(10); err != nil {
		t.Errorf("a day later: %v", err)
	}
}
