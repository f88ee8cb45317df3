package adminapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// registration is the API's answer that says where an App is registered.
type registration struct {
	Action   string
	Manifest map[string]any
}

// registered is the API's answer to a code.
type registered struct {
	App        struct{ ClientID, PrivateKey string }
	Slug       string
	InstallURL string
}

// postForm posts a form as a browser does. It does not follow a redirect.
func (a *app) postForm(address string, form url.Values) (status int, location, text string) {
	a.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Location"), string(body)
}

// registerApp registers an App of the organization as a person does, and returns the code.
func (a *app) registerApp(organization string) (code string) {
	a.t.Helper()
	found := decode[registration](a.t, a.send(http.MethodGet, tenant+"/github-app/registration?slug="+organization, ""))
	if found.Action != a.URL+"/organizations/"+organization+"/settings/apps/new" {
		a.t.Fatalf("the form goes to %s", found.Action)
	}
	found.Manifest["redirect_url"] = "http://127.0.0.1:8080/"
	manifest, _ := json.Marshal(found.Manifest)
	form := url.Values{"manifest": {string(manifest)}}
	if status, _, page := a.postForm(found.Action+"?state=app.abc", form); status != http.StatusOK || !strings.Contains(page, "organization_copilot_metrics: read") {
		a.t.Fatalf("the page: %d %s, want 200", status, page)
	}
	_, location, _ := a.postForm(strings.TrimSuffix(found.Action, "/new")+"?state=app.abc", form)
	at, err := url.Parse(location)
	if err != nil || at.Host != "127.0.0.1:8080" || at.Query().Get("state") != "app.abc" {
		a.t.Fatalf("GitHub redirects to %q (%v)", location, err)
	}
	return at.Query().Get("code")
}

func exchange(code string) string {
	body, _ := json.Marshal(map[string]string{"code": code})
	return string(body)
}

func TestAnAppIsRegisteredInstalledVerifiedAndSaved(t *testing.T) {
	t.Parallel()
	a := prepare(t)
	a.lifecycle.Queue = idle{}
	a.serve()
	const organization = "octo-app-not-installed"
	code := a.registerApp(organization)
	got := a.send(http.MethodPost, tenant+"/github-app/registration", exchange(code))
	made := decode[registered](t, got)
	if got.status != http.StatusOK || made.Slug != "cloudmonitor-for-octo-app-not-inst" || made.InstallURL != a.URL+"/apps/"+made.Slug+"/installations/new" {
		t.Fatalf("got %d %+v, want 200", got.status, made)
	}
	if strings.Contains(string(got.body), "secret") {
		t.Error("the answer has secrets of the App that the connector does not need")
	}
	pasted := appForm(githubsim.AppScenario{Scope: "organization", Slug: organization, ClientID: made.App.ClientID, PrivateKey: made.App.PrivateKey})
	if early := a.verify(pasted); early.OK || !strings.Contains(string(early.body), `"app_not_installed"`) {
		t.Errorf("before it is installed: %s", early.body)
	}
	if status, _, page := a.postForm(a.URL+"/apps/"+made.Slug+"/installations", nil); status != http.StatusOK {
		t.Fatalf("install: %d %s, want 200", status, page)
	}
	if ready := a.verify(pasted); !ready.OK || strings.Contains(string(ready.body), `"surplus_scopes"`) {
		t.Errorf("installed: %s", ready.body)
	}
	a.checkNothingStored()
	if saved := a.save(pasted); saved.status != http.StatusCreated {
		t.Errorf("Save: %d %s, want 201", saved.status, saved.body)
	}
	for _, part := range append(strings.Split(made.App.PrivateKey, `\n`)[1:3], code) {
		if strings.Contains(a.Log.String(), part) {
			t.Error("the log has the key or the code")
		}
	}
	for name, body := range map[string]string{"used": exchange(code), "made up": exchange("0123456789")} {
		if again := a.send(http.MethodPost, tenant+"/github-app/registration", body); again.status != http.StatusUnprocessableEntity || again.Code != "code_refused" {
			t.Errorf("a code that is %s: %d %s, want 422 code_refused", name, again.status, again.body)
		}
	}
	late := a.registerApp("octo-app-missing")
	a.Set(noon.Add(time.Hour))
	if again := a.send(http.MethodPost, tenant+"/github-app/registration", exchange(late)); again.Code != "code_refused" {
		t.Errorf("an hour later: %d %s", again.status, again.body)
	}
}

func TestAnInvalidRegistrationIsRefusedWithoutACallToGitHub(t *testing.T) {
	t.Parallel()
	a := start(t)
	const path = tenant + "/github-app/registration"
	for query, field := range map[string]string{
		"": "slug", "?slug=a/b": "slug", "?slug=octo&host=example.com": "host", "?slug=https://github.com/enterprises/octo": "slug", "?slug=octo&scope=enterprise": "scope",
	} {
		if got := a.send(http.MethodGet, path+query, ""); got.status != http.StatusBadRequest || !names(got, field) {
			t.Errorf("GET %s: %d %s, want 400", query, got.status, got.body)
		}
	}
	for body, field := range map[string]string{
		`{}`: "code", `{"code":""}`: "code", `{"code":"../../user"}`: "code", `{"code":"a?b"}`: "code", exchange(strings.Repeat("a", 101)): "code",
		`{"code":"a","host":"evil.example"}`: "host", `{"code":"a","slug":"b"}`: "slug",
	} {
		if got := a.send(http.MethodPost, path, body); got.status != http.StatusBadRequest || !names(got, field) {
			t.Errorf("POST %s: %d %s, want 400", body, got.status, got.body)
		}
	}
	if calls := a.github.Calls(); len(calls) != 0 {
		t.Errorf("GitHub was asked: %v", calls)
	}
	for address, action := range map[string]string{"https://github.com/octo": "/organizations/octo/", "octo.ghe.com/octo": "/organizations/octo/"} {
		if got := a.send(http.MethodGet, path+"?slug="+url.QueryEscape(address), ""); got.status != http.StatusOK || !strings.Contains(string(got.body), action) {
			t.Errorf("GET %s: %d %s, want 200", address, got.status, got.body)
		}
	}
}

// An exchange may fail at GitHub or at something in its place. The answer must say who is to blame, and must not pass on any
// text.
func TestAFailedExchangeSaysWhyAndTellsNoSecret(t *testing.T) {
	t.Parallel()
	key := githubsim.AppScenarios()[0].PrivateKey
	answer := func(fields map[string]any) string { text, _ := json.Marshal(fields); return string(text) }
	for name, test := range map[string]struct {
		status int
		header map[string]string
		body   string
		want   int
		code   string
	}{
		"rate limit":    {403, map[string]string{"X-RateLimit-Remaining": "0", "Retry-After": "60"}, `{"message":"API rate limit exceeded"}`, 429, "rate_limited"},
		"trouble":       {502, nil, "bad gateway", 502, "github_unreachable"},
		"a sign-in":     {200, nil, "<html>sign in</html>", 502, "github_unreachable"},
		"no JSON":       {201, nil, key, 502, "github_unreachable"},
		"no key":        {201, nil, answer(map[string]any{"slug": "a", "client_id": "Iv23"}), 502, "github_unreachable"},
		"half a key":    {201, nil, answer(map[string]any{"slug": "a", "client_id": "Iv23", "pem": key[:300]}), 502, "github_unreachable"},
		"odd slug":      {201, nil, answer(map[string]any{"slug": "../x", "client_id": "Iv23", "pem": key}), 502, "github_unreachable"},
		"odd client id": {201, nil, answer(map[string]any{"slug": "a", "client_id": "a b", "pem": key}), 502, "github_unreachable"},
		"too long":      {201, nil, answer(map[string]any{"slug": "a", "client_id": "Iv23", "pem": key, "more": strings.Repeat("x", 1<<19)}), 502, "github_unreachable"},
		"elsewhere":     {302, map[string]string{"Location": "https://example.com/?pem=secret"}, "", 502, "github_unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := start(t, octo())
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("Authorization") != "" {
					t.Error("a credential was sent")
				}
				for name, value := range test.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
				return true
			})
			got := a.send(http.MethodPost, tenant+"/github-app/registration", exchange("canaryCode1"))
			if got.status != test.want || got.Code != test.code {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, test.want, test.code)
			}
			for where, text := range map[string]string{"answer": string(got.body), "log": a.Log.String()} {
				if strings.Contains(text, key[100:140]) || strings.Contains(text, "pem=") {
					t.Errorf("the %s has a secret: %s", where, text)
				}
			}
		})
	}
}
