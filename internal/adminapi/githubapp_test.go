package adminapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

func appForm(s githubsim.AppScenario) string {
	body, _ := json.Marshal(map[string]any{
		"app": map[string]string{"clientId": s.ClientID, "privateKey": s.PrivateKey}, "scope": s.Scope, "slug": s.Slug,
	})
	return string(body)
}

// keyParts returns pieces of the private keys of the cast, both as pasted and as stored.
func keyParts() (parts []string) {
	for _, s := range githubsim.AppScenarios() {
		lines := strings.Split(strings.TrimSpace(s.PrivateKey), "\n")
		parts = append(parts, lines[3], lines[10])
	}
	return parts
}

func TestEveryScenarioOfAnAppTellsItsCauseAndRemedy(t *testing.T) {
	t.Parallel()
	for _, scenario := range githubsim.AppScenarios() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			a := prepare(t)
			a.lifecycle.Queue = idle{}
			a.serve()
			got := a.verify(appForm(scenario))
			golden := filepath.Join("testdata", strings.ReplaceAll(scenario.Name, " ", "-")+".golden")
			isAsWritten(t, golden, got)
			if made, alive := a.github.InstallationTokens(); alive != 0 || made > 1 {
				t.Errorf("%d tokens were made, and %d were not given back", made, alive)
			}
			for _, call := range a.github.Calls() {
				other := map[string]string{"organization": "/enterprises/", "enterprise": "/orgs/"}[scenario.Scope]
				if strings.HasPrefix(call.Path, other) || strings.HasPrefix(call.Path, "/user") {
					t.Errorf("%s %s was asked", call.Method, call.Path)
				}
			}
			saved := a.save(appForm(scenario))
			if want := map[bool]int{true: http.StatusCreated, false: http.StatusUnprocessableEntity}[got.OK]; saved.status != want {
				t.Errorf("Save answers %d %s", saved.status, saved.body)
			}
			if !got.OK {
				if diff := cmp.Diff(got.Checks, saved.Checks); diff != "" {
					t.Errorf("Save has other checks than Verify (-verify +save):\n%s", diff)
				}
			}
			for _, part := range keyParts() {
				for where, text := range map[string]string{"verify": string(got.body), "save": string(saved.body), "log": a.Log.String()} {
					if strings.Contains(text, part) || strings.Contains(text, "ghs_") || strings.Contains(text, "eyJ") {
						t.Errorf("a secret is in %s", where)
					}
				}
			}
		})
	}
}

func TestAKeyThatIsNotOneRSAKeyIsRefusedAndNeverUsed(t *testing.T) {
	t.Parallel()
	a := start(t)
	good := githubsim.AppScenarios()[0]
	for name, key := range map[string]string{
		"empty": "", "cut": good.PrivateKey[:200], "two": good.PrivateKey + good.PrivateKey, "a token": "ghp_0123456789",
		"public": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "encrypted": "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----",
	} {
		s := good
		s.PrivateKey = key
		for _, path := range []string{"/verify", "/connectors"} {
			got := a.send(http.MethodPost, tenant+path, appForm(s))
			if got.status != http.StatusBadRequest || !strings.Contains(string(got.body), `"app.privateKey"`) || strings.Contains(string(got.body), "..") {
				t.Errorf("%s at %s: %d %s, want 400", name, path, got.status, got.body)
			}
		}
	}
	for name, body := range map[string]string{
		"token beside app": fmt.Sprintf(`{"token":"ghp_x","app":{"clientId":"Iv1","privateKey":%q},"scope":"organization","slug":"x"}`, good.PrivateKey),
		"no client id":     fmt.Sprintf(`{"app":{"privateKey":%q},"scope":"organization","slug":"x"}`, good.PrivateKey),
		"bad client id":    fmt.Sprintf(`{"app":{"clientId":"a b","privateKey":%q},"scope":"organization","slug":"x"}`, good.PrivateKey),
		"installation":     `{"installation":{"installationId":1,"code":"c"},"scope":"organization","slug":"x"}`,
	} {
		if got := a.send(http.MethodPost, tenant+"/verify", body); got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want 400", name, got.status, got.body)
		}
	}
	if calls := a.github.Calls(); len(calls) != 0 {
		t.Errorf("GitHub was asked: %v", calls)
	}
	if got := a.send(http.MethodGet, tenant+"/github-app", ""); got.status != http.StatusOK || strings.TrimSpace(string(got.body)) != `{"available":false,"installUrl":null}` {
		t.Errorf("github-app: %d %s, want 200", got.status, got.body)
	}
}

func TestAnAppIsNotBlamedWhenGitHubFails(t *testing.T) {
	t.Parallel()
	good := githubsim.AppScenarios()[0]
	for _, part := range []string{"/app", "/installation", "/access_tokens"} {
		a := prepare(t)
		a.lifecycle.Queue = idle{}
		a.serve()
		a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, part) {
				w.WriteHeader(http.StatusBadGateway)
				return true
			}
			return false
		})
		if got := a.save(appForm(good)); got.status != http.StatusBadGateway || got.Code != "github_unreachable" {
			t.Errorf("%s fails: %d %s, want 502 github_unreachable", part, got.status, got.body)
		}
		a.github.Intercept(nil)
		if got := a.save(appForm(good)); got.status != http.StatusCreated {
			t.Errorf("%s is mended: %d %s, want 201", part, got.status, got.body)
		}
	}
}

// A JWT is signed by the clock of this machine. GitHub takes it if the clocks differ by less than a minute.
func TestAWrongClockHereIsNamed(t *testing.T) {
	t.Parallel()
	form := appForm(githubsim.AppScenarios()[0])
	for _, skew := range []time.Duration{-20 * time.Minute, -8 * time.Minute, 50 * time.Second, 2 * time.Minute} {
		a := prepare(t)
		a.reach(testworld.Service(t, a.URL, func() time.Time { return a.Now().Add(skew) }))
		a.lifecycle.Queue = idle{}
		a.serve()
		got := a.verify(form)
		fits := -9*time.Minute < skew && skew < time.Minute
		if got.OK != fits || strings.Contains(string(got.body), `"clock_wrong"`) == fits {
			t.Errorf("a clock that is off by %s: %s", skew, got.body)
		}
		if saved := a.save(form); saved.status != map[bool]int{true: http.StatusCreated, false: http.StatusUnprocessableEntity}[fits] {
			t.Errorf("a clock that is off by %s: Save answers %d %s", skew, saved.status, saved.body)
		}
	}
}
