package githubsim_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

var appKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// signed returns a JWT with the claims, signed with the key.
func signed(key *rsa.PrivateKey, claims map[string]any) string {
	text, _ := json.Marshal(claims)
	content := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(text)
	digest := sha256.Sum256([]byte(content))
	signature, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	return content + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func goodClaims() map[string]any {
	return map[string]any{"iss": "Iv23test", "iat": noon.Unix() - 60, "exp": noon.Unix() + 540}
}

// withApp returns an account with an App that has the permissions, and its installation.
func withApp(kind githubsim.Kind, permissions ...string) githubsim.Account {
	account := organization(nil)
	account.Kind = kind
	granted := map[string]string{}
	for _, name := range permissions {
		granted[name] = "read"
	}
	account.Apps = []githubsim.App{{ID: 7, ClientID: "Iv23test", Slug: "reader", Keys: []*rsa.PublicKey{&appKey().PublicKey}, Permissions: granted}}
	account.Installations = []githubsim.Installation{{ID: 70, App: 7, Permissions: granted}}
	return account
}

func (g github) send(method, path, bearer, body string) (status int, text string) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.url+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	all, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(all)
}

func (g github) mint(body string) string {
	g.t.Helper()
	status, text := g.send(http.MethodPost, "/app/installations/70/access_tokens", signed(appKey(), goodClaims()), body)
	if status != http.StatusCreated {
		g.t.Fatalf("no token: %d %s", status, text)
	}
	return decode[struct{ Token string }](g.t, []byte(text)).Token
}

func TestAnAppIsIdentifiedByItsSignature(t *testing.T) {
	t.Parallel()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	gh := start(t, withApp(githubsim.Organization))
	with := func(name string, value any) string {
		claims := goodClaims()
		claims[name] = value
		return signed(appKey(), claims)
	}
	for name, test := range map[string]struct{ jwt, says string }{
		"client id":           {signed(appKey(), goodClaims()), `"slug":"reader"`},
		"App id":              {with("iss", "7"), `"slug":"reader"`},
		"App id as a number":  {with("iss", 7), `"slug":"reader"`},
		"another's key":       {signed(stranger, goodClaims()), "could not be decoded"},
		"unknown App":         {with("iss", "Iv23nobody"), "could not be decoded"},
		"no JWT":              {classicToken, "could not be decoded"},
		"too long":            {with("exp", noon.Unix()+601), "too far in the future"},
		"over":                {with("exp", noon.Unix()), "'Expiration time' claim"},
		"issued in future":    {with("iat", noon.Unix()+1), "'Issued at' claim"},
		"a fraction":          {with("iat", 1.5), "must be an Integer"},
		"a text for a number": {with("iat", "1"), "must be an Integer"},
	} {
		want := http.StatusUnauthorized
		if strings.Contains(test.says, "slug") {
			want = http.StatusOK
		}
		if status, text := gh.send(http.MethodGet, "/app", test.jwt, ""); status != want || !strings.Contains(text, test.says) {
			t.Errorf("%s: got %d %s, want %d and %q", name, status, text, want, test.says)
		}
	}
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Apps[0].Keys = nil })
	if status, text := gh.send(http.MethodGet, "/app", signed(appKey(), goodClaims()), ""); status != http.StatusUnauthorized || !strings.Contains(text, "must generate a public key") {
		t.Errorf("without a key: %d %s", status, text)
	}
}

func TestAnInstallationTokenReadsOnlyItsPermissions(t *testing.T) {
	t.Parallel()
	gh := start(t, withApp(githubsim.Organization, githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats))
	const reports, seats = orgReports + "organization-28-day/latest", "/orgs/octo-test/copilot/billing/seats"
	narrow := gh.mint(`{"permissions":{"organization_copilot_metrics":"read"}}`)
	for _, test := range []struct {
		path   string
		status int
	}{{reports, 200}, {seats, 403}, {"/user", 403}, {"/user/memberships/orgs/octo-test", 403}, {"/orgs/octo-test", 200}} {
		if got := gh.get(test.path, narrow); got.status != test.status || got.status == 403 && !strings.Contains(string(got.body), "not accessible by integration") {
			t.Errorf("%s: got %d %s, want %d", test.path, got.status, got.body, test.status)
		}
	}
	for _, body := range []string{
		`{"permissions":{"organization_administration":"read"}}`, `{"permissions":{"organization_copilot_metrics":"write"}}`,
	} {
		status, text := gh.send(http.MethodPost, "/app/installations/70/access_tokens", signed(appKey(), goodClaims()), body)
		if status != http.StatusUnprocessableEntity || !strings.Contains(text, "not granted to this installation") {
			t.Errorf("%s: got %d %s, want 422", body, status, text)
		}
	}
	if made, alive := gh.InstallationTokens(); made != 1 || alive != 1 {
		t.Errorf("%d made, %d alive", made, alive)
	}
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Installations[0].Suspended = noon })
	if got := gh.get(reports, narrow); got.status != 403 || !strings.Contains(string(got.body), "has been suspended") {
		t.Errorf("suspended: %d %s", got.status, got.body)
	}
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Installations[0].Suspended = time.Time{} })
	if status, _ := gh.send(http.MethodDelete, "/installation/token", narrow, ""); status != http.StatusNoContent {
		t.Errorf("given back: %d", status)
	}
	if got := gh.get(reports, narrow); got.status != http.StatusUnauthorized {
		t.Errorf("after that: %d", got.status)
	}
	later := gh.mint("")
	*gh.time = noon.Add(time.Hour)
	if got := gh.get(reports, later); got.status != http.StatusUnauthorized || !strings.Contains(string(got.body), "Bad credentials") {
		t.Errorf("an hour later: %d %s", got.status, got.body)
	}
}

func TestAnInstallationIsFoundAtThePathOfItsScope(t *testing.T) {
	t.Parallel()
	gh := start(t, withApp(githubsim.Enterprise, "enterprise_copilot_metrics"))
	jwt := signed(appKey(), goodClaims())
	for path, want := range map[string]string{
		"/enterprises/OCTO-TEST/installation": `"slug":"octo-test"`, "/app/installations/70": `"target_type":"Enterprise"`,
		"/orgs/octo-test/installation": "Not Found", "/app/installations/71": "Not Found",
	} {
		if _, text := gh.send(http.MethodGet, path, jwt, ""); !strings.Contains(text, want) {
			t.Errorf("%s: got %s, want %s", path, text, want)
		}
	}
	if status, _ := gh.send(http.MethodPost, "/app/installations/70/access_tokens", jwt, `{"permissions":{"enterprise_copilot_metrics":"read"}}`); status != 422 {
		t.Errorf("an enterprise's token can be narrowed: %d", status)
	}
	if got := gh.get(enterpriseReports+"enterprise-28-day/latest", gh.mint("")); got.status != http.StatusOK {
		t.Errorf("its token reads %d %s", got.status, got.body)
	}
}
