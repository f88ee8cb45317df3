package githubsim_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestBadCredentials(t *testing.T) {
	expired, revoked := admin(), admin()
	expired.Value, expired.ExpiresAt = "ghp_expired", noon
	revoked.Value, revoked.Revoked = "ghp_revoked", true
	gh := start(t, organization(func(a *githubsim.Account) { a.Tokens = append(a.Tokens, expired, revoked) }))
	for _, value := range []string{"ghp_unknown", "ghp_expired", "ghp_revoked"} {
		got := gh.get("/user", value)
		if got.status != http.StatusUnauthorized || !strings.Contains(string(got.body), "Bad credentials") {
			t.Errorf("%s: got %d %s, want 401", value, got.status, got.body)
		}
		if got.header.Get("GitHub-Authentication-Token-Expiration") != "" {
			t.Errorf("%s: the answer has the expiry of a refused token", value)
		}
	}
	if got := gh.do(http.MethodGet, "/user", nil); got.status != http.StatusUnauthorized {
		t.Errorf("no token: %d", got.status)
	}
	if got := gh.do(http.MethodGet, "/user", http.Header{"Authorization": {"token " + classicToken}}); got.status != http.StatusOK {
		t.Errorf("Authorization: token …: %d", got.status)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	gh := start(t, organization(nil))
	for _, path := range []string{
		"/", "/nothing", "/orgs/octo-tset", "/enterprises/octo-test/copilot/billing/seats", "/orgs/octo-test/copilot/metrics",
		"/orgs/octo%2Ftest", "/orgs/../user", "/orgs//copilot/billing", "/user/memberships/orgs/octo-tset", "/user/",
	} {
		got := gh.get(path, classicToken)
		body := decode[map[string]string](t, got.body)
		if got.status != http.StatusNotFound || body["message"] != "Not Found" || body["status"] != "404" || body["documentation_url"] == "" {
			t.Errorf("GET %s: %d %s", path, got.status, got.body)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodDelete, http.MethodPut, http.MethodHead} {
		header := http.Header{"Authorization": {"Bearer " + classicToken}}
		if got := gh.do(method, "/orgs/octo-test/copilot/billing/seats", header); got.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", method, got.status)
		}
	}
	if got := gh.get("/orgs/OCTO-Test", classicToken); got.status != http.StatusOK {
		t.Errorf("slug in other letter case: %d", got.status)
	}
}

func TestAPIVersions(t *testing.T) {
	gh := start(t, organization(nil))
	for version, want := range map[string]int{"": 200, "2022-11-28": 200, "2026-03-10": 200, "2026-03-11": 400} {
		header := http.Header{"Authorization": {"Bearer " + classicToken}}
		if version != "" {
			header.Set("X-GitHub-Api-Version", version)
		}
		if got := gh.do(http.MethodGet, "/user", header); got.status != want {
			t.Errorf("version %q: %d, want %d", version, got.status, want)
		}
	}
}

func TestCallsRecordRequestsButNoToken(t *testing.T) {
	gh := start(t, organization(nil))
	gh.do(http.MethodGet, "/user?a=1", http.Header{"Authorization": {"Bearer " + classicToken}, "X-Github-Api-Version": {"2026-03-10"}})
	gh.do(http.MethodGet, "/_reports/x", nil)
	calls := gh.Calls()
	want := []githubsim.Call{
		{Method: "GET", Path: "/user", RawQuery: "a=1", Authorized: true, APIVersion: "2026-03-10"},
		{Method: "GET", Path: "/_reports/x"},
	}
	if len(calls) != len(want) || calls[0] != want[0] || calls[1] != want[1] {
		t.Errorf("calls: %+v", calls)
	}
	gh.ResetCalls()
	if calls := gh.Calls(); len(calls) != 0 {
		t.Errorf("after reset: %+v", calls)
	}
}

func TestInterceptAnswersInstead(t *testing.T) {
	gh := start(t, organization(nil))
	gh.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/user" {
			return false
		}
		w.WriteHeader(http.StatusTeapot)
		return true
	})
	if got := gh.get("/user", classicToken); got.status != http.StatusTeapot {
		t.Errorf("intercepted: %d", got.status)
	}
	if got := gh.get("/orgs/octo-test", classicToken); got.status != http.StatusOK {
		t.Errorf("passed on: %d", got.status)
	}
	gh.Intercept(nil)
	if got := gh.get("/user", classicToken); got.status != http.StatusOK {
		t.Errorf("removed: %d", got.status)
	}
	if n := len(gh.Calls()); n != 3 {
		t.Errorf("%d calls recorded, want 3", n)
	}
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := githubsim.New(time.Now, organization(nil))
		sim.SetLatency(100 * time.Millisecond)
		begin := time.Now()
		sim.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/user", nil))
		if took := time.Since(begin); took != 100*time.Millisecond {
			t.Errorf("answered after %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		begin = time.Now()
		sim.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/user", nil).WithContext(ctx))
		if took := time.Since(begin); took != time.Millisecond {
			t.Errorf("a cancelled request waited %v", took)
		}
	})
}
