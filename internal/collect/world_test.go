package collect_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// begins is the start of these stories. It is late enough after the first reports for the backfill to have an end.
var begins = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

const (
	slug   = "octo-demo"
	secret = "ghp_CanarySingsInTheCoalMine0123456789ab"
)

// world holds one connector in a program whose queue runs a task only when told to.
type world struct {
	*assembled.World
	t         *testing.T
	scope     copilot.Scope // scope of the saved account
	gitHub    *githubsim.Server
	store     *store.Store
	collector collect.Collector
	notices   *notices
	ref       connector.Ref
}

// notices keeps the notices that are sent.
type notices struct {
	collect.Notifier
	mu   sync.Mutex
	sent []connector.Notice
}

func (n *notices) Flush(ctx context.Context, c *connector.Connector) (int, error) {
	n.mu.Lock()
	n.sent = append(n.sent, c.Notices...)
	n.mu.Unlock()
	return n.Notifier.Flush(ctx, c)
}

// sent returns the notices sent since the last call.
func (w *world) sent() []connector.Notice {
	w.notices.mu.Lock()
	defer w.notices.mu.Unlock()
	sent := w.notices.sent
	w.notices.sent = nil
	return sent
}

// told returns the kinds of the notices sent since the last call.
func (w *world) told() (kinds []connector.NoticeKind) {
	for _, notice := range w.sent() {
		kinds = append(kinds, notice.Kind)
	}
	return kinds
}

// queued returns the tasks sent since the last call.
func (w *world) queued() []testworld.Task { return w.Queue.Take() }

func octoDemo() githubsim.Account {
	return githubsim.Account{
		Kind: githubsim.Organization, Slug: slug, Plan: githubsim.PlanBusiness, Seats: 14, Shards: 2, FirstDay: "2026-10-10",
		Tokens: []githubsim.Token{{Value: secret, Login: "octo-owner", Scopes: []string{"read:org"}, ExpiresAt: begins.AddDate(0, 0, 80)}},
	}
}

// create returns a world without a connector.
func create(t *testing.T, accounts ...githubsim.Account) *world {
	t.Helper()
	return createIn(t, t.TempDir(), accounts...)
}

// createIn is create with the store in folder.
func createIn(t *testing.T, folder string, accounts ...githubsim.Account) *world {
	t.Helper()
	if len(accounts) == 0 {
		accounts = []githubsim.Account{octoDemo()}
	}
	whole := assembled.New(t, folder, begins, accounts...)
	whole.Parts.GitHub = testworld.WithStackApp(t, whole.Parts.GitHub, whole.Now)
	return in(t, whole, copilot.Scope(accounts[0].Kind))
}

// createInBubble is create in a synctest bubble, in which it takes no time to wait for GitHub.
func createInBubble(t *testing.T, account githubsim.Account) *world {
	t.Helper()
	clock := testworld.NewClock(begins)
	gitHub := githubsim.New(clock.Now, account)
	whole := assembled.On(t, t.TempDir(), clock, testworld.Network(t, gitHub, 0, clock.Now))
	whole.GitHub = gitHub
	return in(t, whole, copilot.Scope(account.Kind))
}

// in returns a world in an assembled one.
func in(t *testing.T, whole *assembled.World, scope copilot.Scope) *world {
	t.Helper()
	w := &world{World: whole, t: t, scope: scope, gitHub: whole.GitHub, store: whole.Parts.Store, collector: whole.Parts.Collector()}
	w.notices = &notices{Notifier: w.collector.Notifier}
	w.collector.Notifier, w.collector.Pause = w.notices, 45*time.Second
	t.Cleanup(func() {
		if log := w.Log.String(); strings.Contains(log, "CanarySings") || strings.Contains(log, "sig=") {
			t.Error("a secret is in the log")
		}
	})
	return w
}

func (w *world) life() lifecycle.Lifecycle { return w.Parts.Lifecycle() }

// save saves the account as the Admin App does. It reads no day.
func (w *world) save() *world {
	w.t.Helper()
	request := assembled.Request(w.scope, slug, credential.NewToken(secret))
	request.IdleAfterDays = 7
	w.ref = w.Save(w.t, request).Ref
	w.gitHub.ResetCalls()
	return w
}

// start returns a world with a connector that has read its first days. Its backfill waits in the queue.
func start(t *testing.T, accounts ...githubsim.Account) *world {
	t.Helper()
	if len(accounts) == 0 {
		return after(t, &begun, func() *world { return start(t, octoDemo()) })
	}
	w := create(t, accounts...).save()
	w.run(w.queued()[0].Task)
	return w
}

// settled returns a world with a connector that has read all its days.
func settled(t *testing.T, accounts ...githubsim.Account) *world {
	t.Helper()
	if len(accounts) == 0 {
		return after(t, &complete, func() *world { return settled(t, octoDemo()) })
	}
	w := start(t, accounts...)
	w.finish()
	return w
}

func (w *world) run(task connector.Task) {
	w.t.Helper()
	if err := w.collector.Run(w.t.Context(), task); err != nil {
		w.t.Fatalf("running %s: %v", task.Reason, err)
	}
}

// pollAt runs the daily poll that is scheduled for that instant.
func (w *world) pollAt(instant time.Time) {
	w.t.Helper()
	w.Set(instant)
	w.run(w.daily(instant))
}

func (w *world) daily(instant time.Time) connector.Task {
	return connector.Task{Tenant: w.ref.Tenant, Connector: w.ref.ID, ScheduledFor: instant, Reason: connector.ReasonDaily}
}

// morning returns six o'clock, so many days after the stories begin.
func morning(days int) time.Time { return time.Date(2026, 11, 22+days, 6, 0, 0, 0, time.UTC) }

// finish runs the queued tasks, and those that they queue, until none is left.
func (w *world) finish() {
	w.t.Helper()
	for tasks := w.queued(); len(tasks) > 0; tasks = w.queued() {
		for _, later := range tasks {
			w.run(later.Task)
		}
	}
}

func (w *world) connector() *connector.Connector {
	w.t.Helper()
	c, err := w.store.Connector(context.WithoutCancel(w.t.Context()), w.ref)
	if err != nil || c == nil {
		w.t.Fatalf("the connector is %v, %v", c, err)
	}
	return c
}

// usage returns what the Admin App shows of the last days.
func (w *world) usage(days int) usage.Usage {
	w.t.Helper()
	shown, err := w.Parts.Usage().Usage(w.t.Context(), w.connector(), calendar.LastDays(days, w.Now()))
	if err != nil {
		w.t.Fatal(err)
	}
	return shown
}

// numbers returns everything that people are shown of the last days and of each person. It leaves out when a day was read and its
// revision.
func (w *world) numbers(days int) string {
	w.t.Helper()
	shown := w.usage(days)
	for i := range shown.Days {
		shown.Days[i].Revision = min(shown.Days[i].Revision, 1)
		shown.Days[i].FetchedAt = nil
	}
	users, err := w.Parts.Usage().Users(w.t.Context(), w.connector(), calendar.LastDays(days, w.Now()), "")
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.MarshalIndent(map[string]any{"usage": shown, "users": users}, "", " ")
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// mustShowWhatGitHubHas compares the days with those of a connector that is saved now and has no trouble.
func (w *world) mustShowWhatGitHubHas(days int) {
	w.t.Helper()
	w.mustShow(days, w.whatGitHubHas(days))
}

// mustShow compares the days with has.
func (w *world) mustShow(days int, has string) {
	w.t.Helper()
	if diff := cmp.Diff(has, w.numbers(days)); diff != "" {
		w.t.Errorf("the days are not what GitHub has (-GitHub +shown):\n%s", diff)
	}
}

// whatGitHubHas returns what a connector that is saved now shows.
func (w *world) whatGitHubHas(days int) string {
	w.t.Helper()
	fresh := in(w.t, w.Anew(w.t), w.scope)
	fresh.save()
	fresh.run(fresh.queued()[0].Task)
	return fresh.numbers(days)
}

// mustBe checks the status, and that its reason contains all of the words.
func (w *world) mustBe(status connector.Status, words ...string) {
	w.t.Helper()
	c := w.connector()
	if c.Status != status || (status == connector.StatusDegraded || status == connector.StatusExpired) != (c.StatusReason != "") {
		w.t.Errorf("the status is %s: %q, want %s", c.Status, c.StatusReason, status)
	}
	for _, word := range words {
		if !strings.Contains(c.StatusReason, word) {
			w.t.Errorf("the reason %q does not say %q", c.StatusReason, word)
		}
	}
}

// day returns what is shown of one day.
func (w *world) day(date string) metrics.Day {
	w.t.Helper()
	for _, day := range w.usage(60).Days {
		if day.Date.String() == date {
			return day
		}
	}
	w.t.Fatalf("%s is not among the days shown", date)
	return metrics.Day{}
}

// failing answers with handler the first requests (so many times) whose path and query contain part.
func failing(part string, times int64, handler http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	var seen atomic.Int64
	return func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Context().Value(inner{}) != nil || !strings.Contains(r.URL.Path+"?"+r.URL.RawQuery, part) || seen.Add(1) > times {
			return false
		}
		handler(rw, r)
		return true
	}
}

// inner marks a request that an interceptor sends to the simulation itself.
type inner struct{}

// whole returns the simulation's own answer.
func whole(gitHub *githubsim.Server, r *http.Request) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	gitHub.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), inner{}, true)))
	return answer
}

// deleting deletes the connector and then refuses its token.
func deleting(w *world) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		_, err := w.store.Retire(r.Context(), w.ref, func(c *connector.Connector) error {
			c.Phase = connector.Deleting
			return nil
		})
		if err != nil {
			w.t.Error(err)
		}
		says(http.StatusUnauthorized, "Bad credentials")(rw, r)
	}
}

// asked returns the number of calls whose path and query contain part.
func (w *world) asked(part string) (n int) {
	for _, call := range w.gitHub.Calls() {
		if strings.Contains(call.Path+"?"+call.RawQuery, part) {
			n++
		}
	}
	return n
}

func (w *world) mustTell(when string, want ...connector.NoticeKind) {
	w.t.Helper()
	if got := w.told(); fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("%s: told %v, want %v", when, got, want)
	}
}
