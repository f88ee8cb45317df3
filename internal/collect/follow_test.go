//go:build !race

package collect_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

const newName = "octo-new"

// pollThrough runs the next day's poll and every task that it queues at once. No run may make more than two calls with a JWT.
func (w *world) pollThrough() {
	w.t.Helper()
	w.queued()
	w.gitHub.ResetCalls()
	w.pollNext()
	for range 5 {
		if n := w.signed(); n > 2 {
			w.t.Errorf("%d calls of one run carry a JWT", n)
		}
		w.gitHub.ResetCalls()
		for _, task := range w.queued() {
			if task.Delay == 0 {
				w.run(task.Task)
			}
		}
	}
}

// With an App the account's id tells whose installation it is, so its name may change.
func TestAConnectorWithAnAppFollowsItsAccountToANewName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		begin  func(*testing.T, githubsim.Kind, ...githubsim.Account) *world
		kind   githubsim.Kind
		former string // GitHub redirects from this name; empty: it answers 404
	}{
		"an App of its own": {withApp, githubsim.Organization, ""},
		"an App of its own, on an enterprise, redirected": {withApp, githubsim.Enterprise, slug},
		"the stack's App, redirected":                     {withBound, githubsim.Organization, slug},
		"the stack's App, on an enterprise":               {withBound, githubsim.Enterprise, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := test.begin(t, test.kind)
			before := w.connector()
			w.gitHub.Rename(test.kind, slug, newName)
			w.gitHub.Change(test.kind, newName, func(a *githubsim.Account) { a.FormerSlug = test.former })
			w.pollThrough()
			c := w.connector()
			if c.Slug != newName || c.AccountID != before.AccountID || c.StatusReason != "" || c.LastPoll.Outcome != connector.OutcomeOK || *c.LookedThrough <= *before.LookedThrough {
				t.Errorf("%s, status %s: %s, %+v", c.Slug, c.Status, c.StatusReason, c.LastPoll)
			}
			w.mustTell("of a rename")
			w.mustHold(newName, c.ID)
			w.mustHold(slug, "")
			events, _, err := w.store.Audit(t.Context(), w.ref, "", 10)
			if err != nil || events[0].Action != audit.Changed || events[0].Detail != "slug: octo-demo → octo-new" {
				t.Errorf("the audit is %+v, %v", events, err)
			}
		})
	}
}

// mustHold checks which connector of the tenant holds a name.
func (w *world) mustHold(name, id string) {
	w.t.Helper()
	account := w.connector().Account
	account.Slug = name
	holder, err := w.store.Holder(w.t.Context(), w.ref.Tenant, connector.GitHubCopilot, account)
	if err != nil || (holder == nil) != (id == "") || holder != nil && holder.ID != id {
		w.t.Errorf("%s is held by %+v, %v; want %q", name, holder, err, id)
	}
}

// The old name goes to a stranger, on whose account the same App is installed too.
func TestAConnectorWithAnAppIsNotMisledByAStrangerWhoTakesTheOldName(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*testing.T, githubsim.Kind, ...githubsim.Account) *world{"own": withApp, "stack's": withBound} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stranger := appAccount(githubsim.Organization)
			stranger.Slug, stranger.Apps, stranger.Tokens = "octo-stranger", nil, nil
			stranger.Installations[0].ID++
			w := begin(t, githubsim.Organization, stranger)
			before := w.connector()
			w.gitHub.Rename(githubsim.Organization, slug, "octo-between")
			w.gitHub.Rename(githubsim.Organization, "octo-stranger", slug)
			w.gitHub.Rename(githubsim.Organization, "octo-between", newName)
			made, _ := w.gitHub.InstallationTokens()
			w.pollThrough()
			if c := w.connector(); c.Slug != newName || c.AccountID != before.AccountID || c.StatusReason != "" {
				t.Errorf("%s, status %s: %s", c.Slug, c.Status, c.StatusReason)
			}
			if now, alive := w.gitHub.InstallationTokens(); now != made+1 || alive != 0 {
				t.Errorf("%d tokens were made, %d not given back", now-made, alive)
			}
		})
	}
}

// The vault holds a new key of the same App, because a rotation crashed. Its installation is known all the same.
func TestANewKeyOfTheAppFindsTheAccountUnderItsNewName(t *testing.T) {
	t.Parallel()
	stranger := appAccount(githubsim.Organization)
	stranger.Slug, stranger.Apps, stranger.Tokens = "octo-stranger", nil, nil
	stranger.Installations[0].ID++
	w := withApp(t, githubsim.Organization, stranger)
	w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) { a.Apps[0].Keys = append(a.Apps[0].Keys, &appKeys()[1].PublicKey) })
	if err := w.Parts.Vault.Put(t.Context(), w.ref.Tenant, w.ref.ID, pastedApp(t, 1)); err != nil {
		t.Fatal(err)
	}
	w.gitHub.Rename(githubsim.Organization, slug, newName)
	w.gitHub.Rename(githubsim.Organization, "octo-stranger", slug)
	w.pollThrough()
	if c := w.connector(); c.Slug != newName || c.StatusReason != "" || c.Credential.Fingerprint != pastedApp(t, 1).Fingerprint() {
		t.Errorf("%s, status %s: %s", c.Slug, c.Status, c.StatusReason)
	}
	w.mustTell("of the new key")
}

// An App that is installed on the account no more cannot find the account's new name.
func TestAConnectorWhoseAppIsGoneSaysThatItCannotFollow(t *testing.T) {
	t.Parallel()
	stranger := appAccount(githubsim.Organization)
	stranger.Slug, stranger.Apps, stranger.Tokens = "octo-stranger", nil, nil
	stranger.Installations[0].ID++
	w := withApp(t, githubsim.Organization, stranger)
	w.gitHub.Rename(githubsim.Organization, slug, newName)
	w.gitHub.Rename(githubsim.Organization, "octo-stranger", slug)
	w.gitHub.Change(githubsim.Organization, newName, func(a *githubsim.Account) { a.Installations = nil })
	w.pollThrough()
	if c := w.connector(); !strings.Contains(c.StatusReason, "Another organization has the name octo-demo now") || !strings.Contains(c.StatusReason, "If the App is not installed there") {
		t.Errorf("status %s: %s", c.Status, c.StatusReason)
	}
	w.mustTell("of the stranger", connector.NoticeStopped)
}

// If the tenant has saved the new name already, the names stay as they are, and the former connector says what to do.
func TestAConnectorDoesNotTakeTheNameOfAnother(t *testing.T) {
	t.Parallel()
	w := withApp(t, githubsim.Organization)
	w.gitHub.Rename(githubsim.Organization, slug, newName)
	other := w.saveNamed(newName)
	w.pollThrough()
	c := w.connector()
	if c.Slug != slug || c.Status != connector.StatusDegraded || !strings.Contains(c.StatusReason, newName) || !strings.Contains(c.StatusReason, other.ID) {
		t.Errorf("%s, status %s: %s", c.Slug, c.Status, c.StatusReason)
	}
	w.mustTell("of the other connector", connector.NoticeStopped)
	w.mustHold(newName, other.ID)
	w.mustHold(slug, c.ID)
}

// saveNamed saves another connector with the App.
func (w *world) saveNamed(slug string) *connector.Connector {
	w.t.Helper()
	return w.Save(w.t, assembled.Request(copilot.Organization, slug, pastedApp(w.t, 0)))
}

// Two accounts of one tenant are renamed on one day. Whichever connector is polled first, each ends with its account's name.
func TestConnectorsFollowAccountsThatPassTheirNamesOn(t *testing.T) {
	t.Parallel()
	const second, third = "octo-second", "octo-third"
	for name, test := range map[string]struct {
		ends        string // the second account's new name; the first account takes its old one
		secondFirst bool
	}{
		"a chain":                 {third, false},
		"a chain, from its end":   {third, true},
		"a swap":                  {slug, false},
		"a swap, the other first": {slug, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := appAccount(githubsim.Organization)
			other.Slug, other.Apps, other.Tokens = second, nil, nil
			other.Installations[0].ID++
			w := withApp(t, githubsim.Organization, other)
			refs, want := []connector.Ref{w.ref, w.saveNamed(second).Ref}, []string{second, test.ends}
			w.gitHub.Rename(githubsim.Organization, second, "octo-between")
			w.gitHub.Rename(githubsim.Organization, slug, second)
			w.gitHub.Rename(githubsim.Organization, "octo-between", test.ends)
			w.mustTell("before")
			order := []int{0, 1}
			if test.secondFirst {
				order = []int{1, 0}
			}
			for _, i := range order {
				w.ref = refs[i]
				w.pollThrough()
			}
			for _, i := range []int{0, 1} {
				w.ref = refs[i]
				if c := w.connector(); c.Slug != want[i] || c.StatusReason != "" || c.LastPoll.Outcome != connector.OutcomeOK {
					t.Errorf("connector %d: %s, status %s: %s", i, c.Slug, c.Status, c.StatusReason)
				}
				w.mustHold(want[i], refs[i].ID)
			}
			w.mustTell("of the renames")
		})
	}
}

// What a crashed Save has left reads nothing. It is no reason to delete the connector.
func TestAConnectorWaitsForANameThatACrashedSaveHolds(t *testing.T) {
	t.Parallel()
	w := withApp(t, githubsim.Organization)
	half := *w.connector()
	half.ID, half.Slug, half.Phase, half.CreatedAt = connector.NewID(), newName, connector.Saving, w.Now()
	if holder, err := w.store.Create(t.Context(), &half); err != nil || holder != nil {
		t.Fatal(holder, err)
	}
	w.gitHub.Rename(githubsim.Organization, slug, newName)
	w.pollThrough()
	if c := w.connector(); c.Slug != slug || !strings.Contains(c.StatusReason, half.ID) || strings.Contains(c.StatusReason, "Delete") {
		t.Errorf("%s, status %s: %s", c.Slug, c.Status, c.StatusReason)
	}
	w.mustTell("of half a connector")
	w.run(connector.Task{Tenant: half.Tenant, Connector: half.ID, ScheduledFor: w.Now(), Reason: connector.ReasonDaily})
	w.pollThrough()
	if c := w.connector(); c.Slug != newName || c.StatusReason != "" {
		t.Errorf("%s, status %s: %s", c.Slug, c.Status, c.StatusReason)
	}
	w.mustTell("of a rename")
}

// freeQueue is a queue that takes a task only when no run works on its connector.
type freeQueue struct{ *world }

func (q freeQueue) SendLater(ctx context.Context, task connector.Task, delay time.Duration) error {
	free, err := q.store.Acquire(ctx, task.Ref(), "queue", q.Now().Add(time.Minute))
	if err != nil || !free {
		q.t.Errorf("a task comes while the connector is busy: %v, %v", task, err)
		return err
	}
	if err := q.store.Release(ctx, task.Ref(), "queue"); err != nil {
		return err
	}
	return q.Queue.SendLater(ctx, task, delay)
}

// A rename uses up none of the attempts that are for trouble.
func TestAfterARenameTheNextRunComesAtOnce(t *testing.T) {
	t.Parallel()
	w := withApp(t, githubsim.Organization)
	w.collector.Queue = freeQueue{w}
	w.gitHub.Rename(githubsim.Organization, slug, newName)
	w.queued()
	w.pollNext()
	tasks := w.queued()
	if len(tasks) != 1 || tasks[0].Delay != 0 || tasks[0].Attempt != 0 || !tasks[0].Followed {
		t.Fatalf("after the rename come %+v", tasks)
	}
	w.gitHub.Rename(githubsim.Organization, newName, "octo-newer")
	w.run(tasks[0].Task)
	if c := w.connector(); c.Slug != newName || !strings.Contains(c.StatusReason, "The next poll reads it under that name") {
		t.Errorf("renamed twice: %s, status %s: %s", c.Slug, c.Status, c.StatusReason)
	}
	w.mustTell("of the second rename")
	w.queued()
	w.pollThrough()
	if c := w.connector(); c.Slug != "octo-newer" || c.StatusReason != "" {
		t.Errorf("the day after: %s, status %s: %s", c.Slug, c.Status, c.StatusReason)
	}
}

func TestAnAppThatWasInstalledAgainGoesOnInTheSamePoll(t *testing.T) {
	t.Parallel()
	w := withApp(t, githubsim.Organization)
	w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) { a.Installations[0].ID = 71 })
	w.gitHub.ResetCalls()
	w.pollNext()
	if c := w.connector(); c.StatusReason != "" || c.Credential.App.ID != 71 || w.signed() != 2 {
		t.Errorf("installation %d, %s, %d calls with a JWT", c.Credential.App.ID, c.StatusReason, w.signed())
	}
}
