package github_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

const (
	canary  = "ghp_CanaryInTheCoalMine0123456789"
	docsURL = "https://docs.github.com/rest"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	day  = mustDate("2026-11-20")

	org        = copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo-test"}
	enterprise = copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Enterprise, Slug: "octo-test"}
)

func clock() time.Time { return noon }

func mustDate(s string) calendar.Date {
	date, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return date
}

// recorder is a server that keeps the requests it gets.
type recorder struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func record(t *testing.T, handler http.HandlerFunc, start func(*httptest.Server)) *recorder {
	r := &recorder{}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.requests = append(r.requests, req)
		r.mu.Unlock()
		handler(w, req)
	}))
	r.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // tests provoke refused handshakes on purpose
	start(r.Server)
	t.Cleanup(r.Close)
	return r
}

func serve(t *testing.T, handler http.HandlerFunc) *recorder {
	return record(t, handler, (*httptest.Server).Start)
}

func serveTLS(t *testing.T, handler http.HandlerFunc) *recorder {
	return record(t, handler, (*httptest.Server).StartTLS)
}

func (r *recorder) seen() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// connect returns a client of github.com that calls the server at url instead, and retries without a pause.
func connect(t *testing.T, url string) *github.Client {
	t.Helper()
	service, err := github.NewService(url, clock, github.WithoutPauses())
	if err != nil {
		t.Fatal(err)
	}
	return service.Connect(copilot.GitHubCom, credential.NewToken(canary))
}

// answering returns a client of a GitHub that gives the same answer to every request.
func answering(t *testing.T, handler http.HandlerFunc) *github.Client {
	return connect(t, serve(t, handler).URL)
}

// simulate starts a simulated GitHub with one account of 40 people, which the canary token can read.
func simulate(t *testing.T, change func(*githubsim.Account)) (*githubsim.Server, *github.Client) {
	t.Helper()
	account := githubsim.Account{
		Kind: githubsim.Organization, Slug: "octo-test", Plan: githubsim.PlanBusiness, Seats: 40,
		Tokens: []githubsim.Token{{
			Value: canary, Login: "octo-owner", Scopes: []string{"read:org", "read:enterprise", "manage_billing:copilot", "manage_billing:enterprise"},
		}},
	}
	if change != nil {
		change(&account)
	}
	sim := githubsim.New(clock, account)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return sim, connect(t, server.URL)
}

func ofEnterprise(account *githubsim.Account) { account.Kind = githubsim.Enterprise }

// respond answers with a status, headers in pairs, and a body.
func respond(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header()[http.CanonicalHeaderKey(headers[i])] = []string{headers[i+1]}
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// refuse answers with a refusal in GitHub's form.
func refuse(status int, message string, headers ...string) http.HandlerFunc {
	body, _ := json.Marshal(map[string]string{"message": message, "documentation_url": docsURL})
	return respond(status, string(body), headers...)
}

// find looks up an organization and returns only the error.
func find(ctx context.Context, client *github.Client, slug string) error {
	_, err := client.FindOrganization(ctx, slug)
	return err
}

// check fails the test unless err has the code and contains no secret.
func check(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("code %q, want %q: %v", got, want, err)
	}
	if err == nil {
		return
	}
	if _, ok := errors.AsType[*fault.Error](err); !ok {
		t.Errorf("%T is not a fault.Error: %v", err, err)
	}
	for _, secret := range []string{canary, "Canary", "CoalMine", "CANARY", "sig="} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error contains %q: %v", secret, err)
		}
	}
}

func asError(t *testing.T, err error) *fault.Error {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatalf("not a fault.Error: %v", err)
	}
	return e
}
