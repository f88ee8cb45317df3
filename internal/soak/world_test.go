package soak_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/notify/outbox"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// world has several connectors, each with an account of its own.
type world struct {
	t        *testing.T
	clock    *testworld.Clock
	gitHub   *githubsim.Server
	service  *github.Service
	url      string
	accounts []githubsim.Account
	refs     []connector.Ref // in the order of the accounts
	parts    assembly.Parts
	queue    *waiting

	troubles map[string]*trouble // today's troubles, by slug
	suffered map[string]int      // how often each kind of trouble came
	runs     int
	kill     atomic.Pointer[context.CancelFunc] // kills the present run
}

func newWorld(t *testing.T, connectors int) *world {
	t.Helper()
	w := &world{t: t, clock: testworld.NewClock(begins), suffered: map[string]int{}}
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
	w.gitHub, w.service, w.url = testworld.GitHub(t, w.clock.Now, w.accounts...)
	w.settle()
	return w
}

func tokenOf(account githubsim.Account) string {
	return fmt.Sprintf("ghp_%036s", account.Slug[len("octo-soak-"):])
}

// settle gives the world an empty store, vault and queue.
func (w *world) settle() {
	w.t.Helper()
	folder := w.t.TempDir()
	tokens, err := files.Open(filepath.Join(folder, "tokens"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = tokens.Close() })
	stored := testworld.Store(w.t, folder, w.clock.Now)
	w.queue = &waiting{now: w.clock.Now}
	w.parts = assembly.Parts{
		GitHub: w.service, Store: stored, Vault: tokens, Queue: w.queue, Post: &outbox.Box{Table: stored.Table, Store: stored, Now: w.clock.Now},
		Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
	}
}

// save saves all accounts as the Admin App does.
func (w *world) save() {
	w.t.Helper()
	for _, account := range w.accounts {
		saved, err := w.parts.Lifecycle().Save(w.t.Context(), lifecycle.Request{
			Request: verify.Request{
				Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Scope(account.Kind), Slug: account.Slug},
				Token:   credential.NewToken(tokenOf(account)), IdleAfterDays: 30,
			},
			Tenant: "acme",
		})
		if err != nil {
			w.t.Fatal(err)
		}
		w.refs = append(w.refs, saved.Ref)
	}
	w.work(w.clock.Now().AddDate(0, 0, 1))
}

// anew returns a world with the same accounts, saved now, without any earlier polls.
func (w *world) anew() *world {
	w.t.Helper()
	w.gitHub.Intercept(nil)
	fresh := &world{t: w.t, clock: testworld.NewClock(w.clock.Now()), gitHub: w.gitHub, service: w.service, url: w.url, accounts: w.accounts}
	fresh.settle()
	fresh.save()
	return fresh
}

// poll does what the schedule and the queue do on a day.
func (w *world) poll() {
	w.t.Helper()
	w.gitHub.ResetCalls()
	now := w.clock.Now()
	if queued, err := w.parts.Poller().Poll(w.t.Context(), now); err != nil || queued != len(w.accounts) {
		w.t.Fatalf("%d connectors are polled: %v", queued, err)
	}
	w.work(now.AddDate(0, 0, 1))
}

// work does the tasks that are due before an instant. The task of a killed run comes back when its lease is over, as it does
// from a queue.
func (w *world) work(before time.Time) {
	w.t.Helper()
	for done := 0; ; done++ {
		next, ok := w.queue.next(before)
		if !ok {
			return
		}
		if done > 100*len(w.accounts) {
			w.t.Fatalf("the tasks of one day do not end; one more is %+v", next.task)
		}
		if next.at.After(w.clock.Now()) {
			w.clock.Set(next.at)
		}
		ctx, cancel := context.WithCancel(w.t.Context())
		w.kill.Store(&cancel)
		err := w.parts.Collector().Run(ctx, next.task)
		killed := ctx.Err() != nil
		cancel()
		w.runs++
		switch {
		case killed:
			_ = w.queue.SendLater(w.t.Context(), next.task, 6*time.Minute)
		case err != nil:
			w.t.Fatalf("%s on %s: %v", next.task.Reason, w.clock.Now(), err)
		}
	}
}

// waiting is a queue whose tasks wait for the clock.
type waiting struct {
	now   func() time.Time
	tasks []timed
}

type timed struct {
	at   time.Time
	task connector.Task
}

func (q *waiting) Send(ctx context.Context, tasks ...connector.Task) error {
	for _, task := range tasks {
		_ = q.SendLater(ctx, task, 0)
	}
	return nil
}

func (q *waiting) SendLater(_ context.Context, task connector.Task, delay time.Duration) error {
	q.tasks = append(q.tasks, timed{q.now().Add(delay), task})
	return nil
}

// next returns the first task that is due before an instant.
func (q *waiting) next(before time.Time) (first timed, ok bool) {
	slices.SortStableFunc(q.tasks, func(a, b timed) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) })
	if len(q.tasks) == 0 || !q.tasks[0].at.Before(before) {
		return timed{}, false
	}
	first, q.tasks = q.tasks[0], q.tasks[1:]
	return first, true
}
