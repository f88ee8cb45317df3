package lifecycle_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func TestASavedConnectorIsLiveWithItsTokenAndItsFirstTask(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := &faults{each: func(call string) { w.mustBeSafe(t, "after "+call) }}
	saved, err := w.through(f).Save(t.Context(), request("Octo-Demo"))
	if err != nil {
		t.Fatal(err)
	}
	want := &connector.Connector{
		Ref:      connector.Ref{Tenant: "acme", ID: saved.ID},
		Provider: connector.GitHubCopilot,
		Account:  copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "Octo-Demo"},
		Progress: connector.Progress{
			Plan:         copilot.PlanBusiness,
			Status:       connector.StatusBackfilling,
			Capabilities: w.result.Capabilities,
			Granted:      w.result.Capabilities,
			Backfill:     poll.NewBackfill(copilot.Organization, calendar.DateOf(begins)),
		},
		Phase:    connector.Live,
		Settings: connector.Settings{IdleAfterDays: 45, NotifyEmails: []string{"ops@example.com"}},
		Credential: connector.Credential{
			Kind: credential.ClassicPAT, Login: "octo-owner", Scopes: []string{"read:org"}, ExpiresAt: new(begins.AddDate(0, 0, 80)),
			Fingerprint: credential.NewToken(secret).Fingerprint(), RotatedAt: begins,
		},
		CreatedAt: begins,
		UpdatedAt: begins,
	}
	found, err := w.store.Connector(t.Context(), saved.Ref)
	if diff := cmp.Diff(want, found); err != nil || diff != "" {
		t.Errorf("the stored connector: %v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(want, saved); diff != "" {
		t.Errorf("the returned connector (-want +got):\n%s", diff)
	}
	token, err := w.Parts.Vault.Get(t.Context(), "acme", saved.ID)
	if err != nil || token.Reveal() != secret {
		t.Errorf("the token: %v", err)
	}
	tasks := []connector.Task{{Tenant: "acme", Connector: saved.ID, ScheduledFor: begins, Reason: connector.ReasonSaved}}
	if diff := cmp.Diff(tasks, w.Queue.Waiting()); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[connector.Ref][]string{saved.Ref: {"ops@example.com"}}, w.Post.Subscribed); diff != "" {
		t.Errorf("invited recipients (-want +got):\n%s", diff)
	}
	events, _, err := w.store.Audit(t.Context(), saved.Ref, "", 10)
	if err != nil || len(events) != 1 || events[0].Action != audit.Saved || events[0].Actor != "ada" || !events[0].At.Equal(begins) {
		t.Errorf("the audit has %+v, %v", events, err)
	}
	if want := []string{"Holder", "Create", "Put", "Change", "Invite", "Change", "Send"}; !slices.Equal(f.calls, want) {
		t.Errorf("the order is %v", f.calls)
	}
}

func TestARefusedSaveStoresNothing(t *testing.T) {
	t.Parallel()
	unreachable := &fault.Error{Code: fault.Unreachable, Op: "read the token's owner"}
	for _, story := range []struct {
		name   string
		result verify.Result
		holds  func(err error) bool
	}{
		{"a check fails", verify.Result{Checks: []verify.Check{{ID: "token", Status: verify.Fail}}}, func(err error) bool {
			refused, ok := errors.AsType[*lifecycle.Refused](err)
			return ok && refused.Result.Checks[0].ID == "token"
		}},
		{"GitHub cannot be asked", verify.Result{Unasked: unreachable}, func(err error) bool {
			unasked, ok := errors.AsType[*lifecycle.Unasked](err)
			return ok && unasked.Err == unreachable && fault.Is(err, fault.Unreachable)
		}},
	} {
		t.Run(story.name, func(t *testing.T) {
			w := newWorld(t)
			w.result = story.result
			f := &faults{}
			saved, err := w.through(f).Save(t.Context(), request("octo-demo"))
			if saved != nil || !story.holds(err) {
				t.Errorf("Save returned %v, %v", saved, err)
			}
			if !slices.Equal(f.calls, []string{"Holder"}) || len(w.stored(t)) > 0 || len(w.Queue.Waiting()) > 0 {
				t.Errorf("calls are %v, want only the lookup of the holder", f.calls)
			}
		})
	}
}

func TestASecondSaveOfAnAccountGetsTheFirstsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.through(&faults{}).Save(t.Context(), request("octo-demo"))
	if err != nil {
		t.Fatal(err)
	}
	f := &faults{}
	_, err = w.through(f).Save(t.Context(), request("OCTO-Demo"))
	if exists, ok := errors.AsType[*lifecycle.Exists](err); !ok || exists.ID != first.ID {
		t.Errorf("Save returned %v, want Exists with the id %s", err, first.ID)
	}
	if !slices.Equal(f.calls, []string{"Holder"}) {
		t.Errorf("calls are %v, want only the lookup of the holder", f.calls)
	}
	if left := w.clean(t); len(left) != 1 {
		t.Errorf("%d connectors are left", len(left))
	}
}

func TestOfParallelSavesOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	winners, holders := []string{}, map[string]bool{}
	for i := range 8 {
		all.Go(func() {
			saved, err := w.through(&faults{}).Save(t.Context(), request([]string{"octo-demo", "Octo-Demo"}[i%2]))
			mu.Lock()
			defer mu.Unlock()
			if exists, ok := errors.AsType[*lifecycle.Exists](err); ok {
				holders[exists.ID] = true
			} else if err != nil {
				t.Error(err)
			} else {
				winners = append(winners, saved.ID)
			}
		})
	}
	all.Wait()
	if len(winners) != 1 || len(holders) != 1 || !holders[winners[0]] {
		t.Errorf("winners are %v, and the others got the holders %v", winners, holders)
	}
	if left := live(w.clean(t)); !slices.Equal(left, winners) {
		t.Errorf("connectors left: %v", left)
	}
}

func TestASaveSucceedsAlthoughTheBackfillCannotBeQueued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	saved, err := w.through(&faults{at: 7, failure: refused}).Save(t.Context(), request("octo-demo"))
	if err != nil || saved.Phase != connector.Live || len(w.Queue.Waiting()) > 0 {
		t.Errorf("Save returned %v, %v", saved, err)
	}
	if !strings.Contains(w.Log.String(), "backfill not queued") {
		t.Errorf("the log says %s", w.Log.String())
	}
}
