package adminapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// noon is the instant at which these tests happen.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// app is the Admin API over real HTTP, with a simulated GitHub behind it and its contract beside it.
type app struct {
	t        *testing.T
	url      string
	github   *githubsim.Server
	log      bytes.Buffer
	contract *openapi3.T
}

func start(t *testing.T) *app {
	t.Helper()
	a := &app{t: t, github: githubsim.New(clock, githubsim.Cast(noon)...)}
	gitHub := httptest.NewServer(a.github)
	t.Cleanup(gitHub.Close)
	service, err := github.NewService(gitHub.URL, clock)
	if err != nil {
		t.Fatal(err)
	}
	a.serve(verify.Verifier{
		Connect: func(host string, token connector.Token) verify.GitHub { return service.Connect(host, token) },
		Now:     clock,
	})
	return a
}

func (a *app) serve(verifier verify.Verifier) {
	a.t.Helper()
	api := adminapi.API{Verifier: verifier, Log: slog.New(slog.NewJSONHandler(&a.log, nil))}
	server := httptest.NewServer(api.Handler())
	a.t.Cleanup(server.Close)
	a.url = server.URL
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		a.t.Fatal(err)
	}
	if err := contract.Validate(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
	a.contract = contract
}

// answer is what came back, as far as tests ask.
type answer struct {
	status int
	header http.Header
	body   []byte
	verify.Result
	Code   string
	Detail string
	Errors []struct{ Field, Detail string }
}

func (a *app) verify(body string) answer {
	return a.send(http.MethodPost, "/v1/tenants/acme/verify", body)
}

// send holds the answer against the contract.
func (a *app) send(method, path, body string) answer {
	a.t.Helper()
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	got := answer{status: response.StatusCode, header: response.Header}
	if got.body, err = io.ReadAll(response.Body); err != nil {
		a.t.Fatal(err)
	}
	a.holdAgainstContract(got)
	if err := json.Unmarshal(got.body, &got); err != nil {
		a.t.Fatalf("%v in %s", err, got.body)
	}
	return got
}

// holdAgainstContract fails when an answer is not what openapi.yaml promises.
func (a *app) holdAgainstContract(got answer) {
	a.t.Helper()
	schema, contentType := "Problem", "application/problem+json"
	if got.status == http.StatusOK {
		schema, contentType = "Verification", "application/json"
	}
	if got.header.Get("Content-Type") != contentType || got.header.Get("Cache-Control") != "no-store" {
		a.t.Errorf("headers are %v", got.header)
	}
	var value any
	if err := json.Unmarshal(got.body, &value); err != nil {
		a.t.Fatalf("%v in %s", err, got.body)
	}
	if err := a.contract.Components.Schemas[schema].Value.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		a.t.Errorf("the answer is not what openapi.yaml promises: %v\n%s", err, got.body)
	}
	operation := a.contract.Paths.Find("/v1/tenants/{tenant}/verify").Post
	if got.status != http.StatusNotFound && operation.Responses.Status(got.status) == nil {
		a.t.Errorf("openapi.yaml does not name status %d", got.status)
	}
}
