package soak_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/notify/outbox"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// world has several connectors, each with an account of its own.
type world struct {
	*assembled.World
	t        *testing.T
	accounts []githubsim.Account
	refs     []connector.Ref // in the order of the accounts

	troubles map[string]*trouble // today's troubles, by slug
	suffered map[string]int      // how often each kind of trouble came
	runs     int
	kill     atomic.Pointer[context.CancelFunc] // kills the present run
}

func newWorld(t *testing.T, connectors int) *world {
	t.Helper()
	w := &world{t: t, suffered: map[string]int{}}
	for n := range connectors {
		account := githubsim.Account{
			Kind: githubsim.Organization, Slug: fmt.Sprintf("octo-soak-%d", n), Plan: githubsim.PlanBusiness, Seats: 4 + 3*n, Shards: 1 + n%3,
			SettlesAfter: n % 3, NoReport: githubsim.NoReport(n % 3), FirstDay: begins.AddDate(0, 0, -20).Format(time.DateOnly),
		}
		scopes := []string{"read:org", "manage_billing:copilot"}
		if n%2 == 1 {
			account.Kind, account.Plan, scopes = githubsim.Enterprise, githubsim.PlanEnterprise, []string{"read:enterprise", "manage_billing:enterprise"}
		}
		account.Tokens = []githubsim.Token{{Value: tokenOf(account), Login: "octo-owner", Scopes: scopes, ExpiresAt: begins.AddDate(5, 0, 0)}}
		w.accounts = append(w.accounts, account)
	}
	w.settle(assembled.New(t, t.TempDir(), begins, w.accounts...))
	return w
}

func tokenOf(account githubsim.Account) string {
	return fmt.Sprintf("ghp_%036s", account.Slug[len("octo-soak-"):])
}

// settle puts the world into an assembled one, whose mails go to the outbox of the local program.
func (w *world) settle(in *assembled.World) {
	in.Parts.Post = &outbox.Box{Table: in.Parts.Store.Table, Store: in.Parts.Store, Now: in.Now}
	w.World = in
}

// save saves all accounts as the Admin App does.
func (w *world) save() {
	w.t.Helper()
	for _, account := range w.accounts {
		request := assembled.Request(copilot.Scope(account.Kind), account.Slug, credential.NewToken(tokenOf(account)))
		w.refs = append(w.refs, w.Save(w.t, request).Ref)
	}
	w.work(w.Now().AddDate(0, 0, 1))
}

// anew returns a world with the same accounts, saved now, without any earlier polls.
func (w *world) anew() *world {
	w.t.Helper()
	w.GitHub.Intercept(nil)
	fresh := &world{t: w.t, accounts: w.accounts}
	fresh.settle(w.Anew(w.t))
	fresh.save()
	return fresh
}

// poll does what the schedule and the queue do on a day.
func (w *world) poll() {
	w.t.Helper()
	w.GitHub.ResetCalls()
	now := w.Now()
	if queued, err := w.Parts.Poller().Poll(w.t.Context(), now); err != nil || queued != len(w.accounts) {
		w.t.Fatalf("%d connectors are polled: %v", queued, err)
	}
	w.work(now.AddDate(0, 0, 1))
}

// work does the tasks that are due before an instant. The task of a killed run comes back when its lease is over, as it does
// from a queue.
func (w *world) work(before time.Time) {
	w.t.Helper()
	for done := 0; ; done++ {
		next, ok := w.Queue.Next(before)
		if !ok {
			return
		}
		if done > 100*len(w.accounts) {
			w.t.Fatalf("the tasks of one day do not end; one more is %+v", next.Task)
		}
		if next.Due.After(w.Now()) {
			w.Set(next.Due)
		}
		ctx, cancel := context.WithCancel(w.t.Context())
		w.kill.Store(&cancel)
		err := w.Parts.Collector().Run(ctx, next.Task)
		killed := ctx.Err() != nil
		cancel()
		w.runs++
		switch {
		case killed:
			_ = w.Queue.SendLater(w.t.Context(), next.Task, 6*time.Minute)
		case err != nil:
			w.t.Fatalf("%s on %s: %v", next.Reason, w.Now(), err)
		}
	}
}
