//go:build !race

package adminapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func TestSaveAcceptsWhatVerifyPassesAndRefusesTheRestWithAllChecks(t *testing.T) {
	t.Parallel()
	for _, scenario := range githubsim.Scenarios(noon) {
		t.Run(scenario.Name, func(t *testing.T) {
			a := prepare(t)
			a.lifecycle.Queue = idle{}
			a.serve()
			body := form(scenario.Token, scenario.Scope, scenario.Slug)
			verified, got := a.verify(body), a.save(body)
			if verified.OK {
				if got.status != http.StatusCreated {
					t.Errorf("got %d %s, want 201", got.status, got.body)
				}
				return
			}
			if reach := verified.Checks[0]; reach.Status == verify.Fail { // the token is not the cause
				if got.status != http.StatusBadGateway || got.Code != "github_unreachable" || !strings.Contains(got.Detail, "not GitHub's") {
					t.Errorf("got %d %s, want 502 github_unreachable", got.status, got.body)
				}
				a.checkNothingStored()
				return
			}
			if got.status != http.StatusUnprocessableEntity || got.Code != "verification_failed" {
				t.Errorf("got %d %s, want 422 verification_failed", got.status, got.body)
			}
			if diff := cmp.Diff(verified.Checks, got.Checks); diff != "" {
				t.Errorf("Save has other checks than Verify (-verify +save):\n%s", diff)
			}
			a.checkNothingStored()
		})
	}
}

func TestSaveAcceptsTheSameFormAsVerify(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body, code string
		fields     []string
	}{
		"nothing":               {``, "invalid_input", []string{"body"}},
		"an empty object":       {`{}`, "invalid_input", []string{"token", "scope", "slug"}},
		"unknown field":         {`{"token":"` + canary + `","scope":"organization","slug":"octo","tenant":"x"}`, "invalid_input", []string{"tenant"}},
		"bad addresses":         {`{"token":"` + canary + `","scope":"organization","slug":"octo","notifyEmails":["x","y"]}`, "invalid_input", []string{"notifyEmails"}},
		"too long address":      {`{"token":"` + canary + `","scope":"organization","slug":"octo","notifyEmails":["` + strings.Repeat("a", 243) + `@example.com"]}`, "invalid_input", []string{"notifyEmails"}},
		"more than 16 KiB":      {`{"token":"` + canary + `","scope":"organization","slug":"` + strings.Repeat("o", 16<<10) + `"}`, "too_large", nil},
		"text after the object": {octoForm() + strings.Repeat(" ", 16<<10), "too_large", nil},
		"a token of spaces":     {`{"token":"  ","scope":"organization","slug":"octo"}`, "invalid_input", []string{"token"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, octo())
			got := a.save(test.body)
			var fields []string
			for _, e := range got.Errors {
				fields = append(fields, e.Field)
			}
			if got.Code != test.code || !cmp.Equal(fields, test.fields) || len(a.github.Calls()) != 0 {
				t.Errorf("got %d with fields %v: %s, want %s with %v", got.status, fields, got.body, test.code, test.fields)
			}
			a.checkNothingStored()
		})
	}
}

func TestSaveSaysThatGitHubIsUnavailable(t *testing.T) {
	t.Parallel()
	unavailable := func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	for name, test := range map[string]struct {
		fault      func(a *app) func(http.ResponseWriter, *http.Request) bool
		latency    time.Duration
		status     int
		code       string
		retryAfter string
	}{
		"unavailable": {
			fault:  func(*app) func(http.ResponseWriter, *http.Request) bool { return unavailable },
			status: http.StatusBadGateway, code: "github_unreachable",
		},
		"slow": {latency: time.Hour, status: http.StatusGatewayTimeout, code: "out_of_time"},
		"the hourly limit is reached": {
			fault: func(a *app) func(http.ResponseWriter, *http.Request) bool {
				return a.github.RateLimited(githubsim.PrimaryForbidden)
			},
			status: http.StatusTooManyRequests, code: "rate_limited", retryAfter: "1020",
		},
		"secondary rate limit": {
			fault: func(a *app) func(http.ResponseWriter, *http.Request) bool {
				return a.github.RateLimited(githubsim.SecondaryTooManyRequests)
			},
			status: http.StatusTooManyRequests, code: "rate_limited", retryAfter: "60",
		},
		"secondary rate limit without a time": {
			fault: func(a *app) func(http.ResponseWriter, *http.Request) bool {
				return a.github.RateLimited(githubsim.SecondaryForbidden)
			},
			status: http.StatusTooManyRequests, code: "rate_limited", retryAfter: "60",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := prepare(t, octo())
			a.lifecycle.Queue = idle{} // this test needs no days
			if test.fault != nil {
				a.github.Intercept(test.fault(a))
			}
			if test.latency > 0 {
				a.github.SetLatency(test.latency)
				a.lifecycle.Verifier = hurried{a.lifecycle.Verifier}
			}
			a.serve()
			got := a.save(octoForm())
			if got.status != test.status || got.Code != test.code || got.header.Get("Retry-After") != test.retryAfter {
				t.Errorf("got %d, Retry-After %q: %s, want %d, %q, %s", got.status, got.header.Get("Retry-After"), got.body, test.status, test.retryAfter, test.code)
			}
			a.checkNothingStored()
			if calls := len(a.github.Calls()); calls > 15 {
				t.Errorf("GitHub was asked %d times", calls)
			}

			a.github.Intercept(nil)
			a.github.SetLatency(0)
			if got := a.save(octoForm()); test.latency == 0 && got.status != http.StatusCreated {
				t.Errorf("the repeated Save got %d %s, want 201", got.status, got.body)
			}
		})
	}
}

func TestSaveSaysThatTheHostIsNotGitHub(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	gone := httptest.NewServer(nil)
	gone.Close()
	a.reach(testworld.Service(t, gone.URL, a.Now))
	a.serve()
	got := a.save(octoForm())
	if got.status != http.StatusBadGateway || got.Code != "github_unreachable" || !strings.Contains(got.Detail, "connection refused") {
		t.Errorf("got %d %s, want 502 github_unreachable", got.status, got.body)
	}
	a.checkNothingStored()
}

// hurried gives GitHub a few milliseconds instead of seconds.
type hurried struct {
	verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
}

func (h hurried) Verify(ctx context.Context, request verify.Request) verify.Result {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	return h.verifier.Verify(ctx, request)
}
