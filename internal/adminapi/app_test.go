package adminapi_test

import (
	"context"
	"encoding/json"
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
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// noon is the time at which these tests begin.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// app is the Admin API over real HTTP with the whole program behind it. Its queue runs tasks at once.
type app struct {
	*assembled.World
	t         *testing.T
	url       string
	github    *githubsim.Server
	store     *store.Store
	lifecycle lifecycle.Lifecycle
	collector collect.Collector
	tasks     *inprocess.Queue
	api       adminapi.API
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
	if accounts == nil {
		accounts = githubsim.Cast(noon)
	}
	a := &app{World: assembled.New(t, dir, noon, accounts...), t: t}
	a.github, a.store = a.GitHub, a.Parts.Store
	a.tasks = inprocess.New(4, a.Parts.Log, func(ctx context.Context, task connector.Task) error { return a.collector.Run(ctx, task) })
	t.Cleanup(func() {
		_ = a.tasks.Close(context.Background()) // waits for the tasks that are running
		a.checkSecrets("log", a.Log.String())
	})
	a.Parts.Queue = a.tasks
	a.reach(a.Parts.GitHub)
	return a
}

// reach connects everything to a GitHub. It undoes what the test has changed in the use cases.
func (a *app) reach(service *github.Service) {
	a.Parts.GitHub = service
	a.collector, a.lifecycle, a.api = a.Parts.Collector(), a.Parts.Lifecycle(), a.Parts.API()
	a.lifecycle.Backfill = func(copilot.Scope, calendar.Date) *connector.Backfill { return nil } // most tests need no older days
	a.api.Connectors.Lifecycle = &a.lifecycle
	a.api.Actor = func(*http.Request) string { return "arn:aws:sts::123456789012:assumed-role/admin-app/acme" }
}

// withStackApp gives the deployment a GitHub App of its own.
func (a *app) withStackApp() {
	a.t.Helper()
	a.reach(testworld.WithStackApp(a.t, a.Parts.GitHub, a.Now))
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
	if files, err := os.ReadDir(filepath.Join(a.Folder, assembled.TokensFolder)); err != nil || len(files) != 0 {
		a.t.Errorf("the vault holds %v (%v)", files, err)
	}
	if queued := a.tasks.Handled(); queued.Done+queued.Failed != 0 {
		a.t.Errorf("tasks were queued: %+v", queued)
	}
}
