package adminapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// noon is the time at which these tests begin.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// app is the Admin API over real HTTP with real parts behind it: a simulated GitHub, an embedded store and vault, and a queue
// with a collector that runs its tasks.
type app struct {
	*testworld.Clock
	t         *testing.T
	url       string
	gitHubURL string
	github    *githubsim.Server
	service   *github.Service // the collector's
	dir       string          // folder of the store and the tokens
	store     *store.Store
	lifecycle lifecycle.Lifecycle
	mail      mailbox
	tasks     *inprocess.Queue
	api       adminapi.API
	log       logBuffer
}

// start serves the API. Without accounts, the simulated GitHub has its standard cast.
func start(t *testing.T, accounts ...githubsim.Account) *app {
	t.Helper()
	a := prepare(t, accounts...)
	a.serve()
	return a
}

// prepare is start without the serving, so that a test can change the API before.
func prepare(t *testing.T, accounts ...githubsim.Account) *app {
	t.Helper()
	return prepareIn(t, t.TempDir(), accounts...)
}

// prepareIn is prepare with the store and the tokens in dir.
func prepareIn(t *testing.T, dir string, accounts ...githubsim.Account) *app {
	t.Helper()
	a := &app{Clock: testworld.NewClock(noon), t: t, dir: dir}
	if accounts == nil {
		accounts = githubsim.Cast(noon)
	}
	a.github, a.service, a.gitHubURL = testworld.GitHub(t, a.Now, accounts...)
	tokens, err := files.Open(filepath.Join(a.dir, "tokens"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(&a.log, nil))
	a.store = testworld.Store(t, a.dir, a.Now)
	reader := usage.Reader{Store: a.store, Now: a.Now}
	spent := spend.Reader{Store: a.store, Days: reader, Now: a.Now}
	collector := &collect.Collector{
		Connect: func(host string, token credential.Token) collect.GitHub { return a.service.Connect(host, token) },
		Store:   a.store, Vault: tokens, Notifier: notify.Notifier{Post: &a.mail, Store: a.store}, Recipients: &a.mail, Seats: spent, Now: a.Now, Log: log,
	}
	a.tasks = inprocess.New(4, log, func(ctx context.Context, task connector.Task) error { return collector.Run(ctx, task) })
	collector.Queue = a.tasks
	t.Cleanup(func() {
		_ = a.tasks.Close(context.Background()) // waits for the tasks that are running
		_ = tokens.Close()
		a.checkSecrets("log", a.log.String())
	})
	a.lifecycle = lifecycle.Lifecycle{
		Store: a.store, Vault: tokens, Queue: a.tasks, Recipients: &a.mail, Now: a.Now, Log: log,
		Backfill: func(copilot.Scope, calendar.Date) *connector.Backfill { return nil }, // most tests need no older days
	}
	a.api = adminapi.API{
		Connectors: &adminapi.Connectors{
			Lifecycle: &a.lifecycle, Store: a.store, Recipients: &a.mail, Usage: usage.Reader{Store: a.store, Seats: spent, Now: a.Now}, Spend: spent,
		},
		Actor: func(*http.Request) string { return "arn:aws:sts::123456789012:assumed-role/admin-app/acme" },
		Now:   a.Now, Log: log,
	}
	a.reach(a.gitHubURL)
	collector.Verifier = a.api.Verifier
	return a
}

// reach connects Verify and Save to another GitHub.
func (a *app) reach(gitHubURL string) {
	a.t.Helper()
	a.verifyThrough(testworld.Service(a.t, gitHubURL, a.Now))
}

// withStackApp gives the deployment a GitHub App of its own.
func (a *app) withStackApp() {
	a.t.Helper()
	a.service = testworld.WithStackApp(a.t, a.service, a.Now)
	a.api.InstallURL, _ = a.service.InstallURL()
	a.verifyThrough(a.service)
}

func (a *app) verifyThrough(service *github.Service) {
	verifier := verify.Verifier{
		Connect: func(host string, token credential.Token) verify.GitHub { return service.Connect(host, token) },
		Now:     a.Now,
	}
	a.api.Verifier, a.lifecycle.Verifier, a.api.GitHub = verifier, verifier, service
}

func (a *app) serve() {
	server := httptest.NewServer(a.api.Handler())
	a.t.Cleanup(server.Close)
	a.url = server.URL
}

// drain waits until the queue is empty.
func (a *app) drain() {
	a.t.Helper()
	if err := a.tasks.Drain(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
}

// canary is the token of octo's owner. No other simulated account knows it. No text may contain it.
const canary = "ghp_canaryCANARYcanaryCANARYcanary000000"

// octo returns a small organization with a month and a half of reports. Its owner has the canary.
func octo() githubsim.Account {
	return githubsim.Account{
		Kind: githubsim.Organization, Slug: "octo", Plan: githubsim.PlanBusiness, Seats: 25, Shards: 3, CompletionModels: true,
		FirstDay: "2026-10-08",
		Tokens: []githubsim.Token{{
			Value: canary, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}, ExpiresAt: noon.AddDate(0, 0, 60),
		}},
	}
}

// verify sends the form to Verify.
func (a *app) verify(body string) answer { return a.send(http.MethodPost, tenant+"/verify", body) }

// save sends the form to Save.
func (a *app) save(body string) answer { return a.send(http.MethodPost, tenant+"/connectors", body) }

// tenant is the path of the tenant that the tests use.
const tenant = "/v1/tenants/acme"

// octoForm returns the form that saves octo.
func octoForm() string { return form(canary, "organization", "octo") }

// saved saves octo, waits until its days are read, and returns the connector's path.
func (a *app) saved() string {
	a.t.Helper()
	got := a.save(octoForm())
	if got.status != http.StatusCreated {
		a.t.Fatalf("got %d %s, want 201", got.status, got.body)
	}
	a.drain()
	return got.header.Get("Location")
}

// checkSecrets fails the test if text contains a part of a token or of a signed link.
func (a *app) checkSecrets(where, text string) {
	a.t.Helper()
	lower := strings.ToLower(text)
	for _, secret := range secrets() {
		if strings.Contains(lower, secret) {
			a.t.Errorf("%q is in the %s: %s", secret, where, text)
		}
	}
}

// secrets returns what no text may contain, in lower case.
var secrets = sync.OnceValue(func() []string {
	parts := []string{"canary", "sig=", "/_reports/"}
	for _, scenario := range githubsim.Scenarios(noon) {
		parts = append(parts, strings.ToLower(scenario.Token[strings.LastIndex(scenario.Token, "_")+1:][:10]))
	}
	return parts
})

// logBuffer can be read while others write to it.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func form(token, scope, slug string) string {
	body, _ := json.Marshal(map[string]string{"token": token, "scope": scope, "slug": slug})
	return string(body)
}

func inJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// checkNothingStored fails the test if a refused Save has stored or queued anything.
func (a *app) checkNothingStored() {
	a.t.Helper()
	if list := a.list(""); len(list.Connectors) != 0 {
		a.t.Errorf("there are connectors: %+v", list)
	}
	if files, err := os.ReadDir(filepath.Join(a.dir, "tokens")); err != nil || len(files) != 0 {
		a.t.Errorf("the vault holds %v (%v)", files, err)
	}
	if queued := a.tasks.Handled(); queued.Done+queued.Failed != 0 {
		a.t.Errorf("tasks were queued: %+v", queued)
	}
}
