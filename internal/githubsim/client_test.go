package githubsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const classicToken = "ghp_000000000000000000000000000000000001"

// admin returns a token that may read everything of an organization.
func admin() githubsim.Token {
	return githubsim.Token{Value: classicToken, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}}
}

// organization returns an account of 40 people that admin's token can read.
func organization(change func(*githubsim.Account)) githubsim.Account {
	account := githubsim.Account{
		Kind: githubsim.Organization, Slug: "octo-test", Plan: githubsim.PlanBusiness, Seats: 40,
		Tokens: []githubsim.Token{admin()},
	}
	if change != nil {
		change(&account)
	}
	return account
}

func enterprise(change func(*githubsim.Account)) githubsim.Account {
	account := organization(change)
	account.Kind = githubsim.Enterprise
	return account
}

// github is a simulated GitHub on a real port, and a clock that tests may move.
type github struct {
	*githubsim.Server
	t    *testing.T
	url  string
	time *time.Time
}

func start(t *testing.T, accounts ...githubsim.Account) github {
	t.Helper()
	clock := noon
	sim := githubsim.New(func() time.Time { return clock }, accounts...)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return github{sim, t, server.URL, &clock}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (g github) get(path, token string) answer {
	g.t.Helper()
	return g.do(http.MethodGet, path, http.Header{"Authorization": {"Bearer " + token}})
}

// do accepts a path or, for download links, a whole URL.
func (g github) do(method, target string, header http.Header) answer {
	g.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = g.url + target
	}
	request, err := http.NewRequestWithContext(g.t.Context(), method, target, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		g.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, body}
}

// read decodes a 200 answer and fails the test on any other.
func read[T any](g github, path string) T {
	g.t.Helper()
	got := g.get(path, classicToken)
	if got.status != http.StatusOK {
		g.t.Fatalf("GET %s: %d %s", path, got.status, got.body)
	}
	return decode[T](g.t, got.body)
}

func decode[T any](t *testing.T, body []byte) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatalf("decode %.200s: %v", body, err)
	}
	return value
}

type envelope struct {
	Links    []string `json:"download_links"`
	Day      string   `json:"report_day"`
	StartDay string   `json:"report_start_day"`
	EndDay   string   `json:"report_end_day"`
}

// lines downloads every part of a report, in order.
func (g github) lines(path string) []string {
	g.t.Helper()
	var lines []string
	for _, link := range read[envelope](g, path).Links {
		got := g.do(http.MethodGet, link, nil)
		if got.status != http.StatusOK {
			g.t.Fatalf("download: %d %s", got.status, got.body)
		}
		lines = append(lines, strings.FieldsFunc(string(got.body), func(r rune) bool { return r == '\n' })...)
	}
	return lines
}

const (
	orgReports        = "/orgs/octo-test/copilot/metrics/reports/"
	enterpriseReports = "/enterprises/octo-test/copilot/metrics/reports/"
)
