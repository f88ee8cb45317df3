package collect_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

var appKeys = sync.OnceValue(func() (keys [2]*rsa.PrivateKey) {
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = key
	}
	return keys
})

// pastedApp returns the App's credential with one of the two keys.
func pastedApp(t *testing.T, key int) credential.Token {
	t.Helper()
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(appKeys()[key])})
	app, err := credential.NewApp("Iv23liTestApp", strings.ReplaceAll(string(text), "\n", `\n`))
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// appAccount returns an account of three people. The App is installed on it and has the first key.
func appAccount(kind githubsim.Kind) githubsim.Account {
	account := octoDemo()
	account.Kind, account.Seats, account.FirstDay = kind, 3, "2026-11-01"
	account.Tokens[0].Scopes = []string{"read:org", "manage_billing:copilot"}
	reads := map[string]string{"metadata": "read"}
	for _, name := range []string{"_copilot_metrics", "_copilot_seat_management", "_administration"} {
		reads[string(kind)+name] = "read"
	}
	account.Apps = []githubsim.App{{ID: 7, ClientID: "Iv23liTestApp", Slug: "reader", Keys: []*rsa.PublicKey{&appKeys()[0].PublicKey}, Permissions: reads}}
	account.Installations = []githubsim.Installation{{ID: 70, App: 7, Permissions: reads}}
	return account
}

// withApp returns a world with a connector that authenticates as an App and has read its first days.
func withApp(t *testing.T, kind githubsim.Kind, others ...githubsim.Account) *world {
	t.Helper()
	w := create(t, append([]githubsim.Account{appAccount(kind)}, others...)...)
	w.ref = w.Save(t, assembled.Request(copilot.Scope(kind), slug, pastedApp(t, 0))).Ref
	w.run(w.queued()[0].Task)
	w.gitHub.ResetCalls()
	return w
}

// boundAccount returns an account of three people on which the stack's App is installed.
func boundAccount(kind githubsim.Kind) githubsim.Account {
	account := appAccount(kind)
	reads := account.Installations[0].Permissions
	reads["members"] = "read"
	account.Apps = []githubsim.App{githubsim.CastStackApp().Asking(reads)}
	account.Installations = []githubsim.Installation{{ID: 70, App: account.Apps[0].ID, Permissions: account.Apps[0].Permissions}}
	account.People = []githubsim.Person{{Login: "olga"}}
	return account
}

// bound returns a proof that the installation belongs to olga.
func (w *world) bound(id int64) credential.Token {
	return credential.NewInstallation(id, w.gitHub.Authorize(githubsim.CastStackApp().ClientID, "olga"))
}

// withBound returns a world with a connector that has an installation of the stack's App, and has read its first days.
func withBound(t *testing.T, kind githubsim.Kind, others ...githubsim.Account) *world {
	t.Helper()
	w := create(t, append([]githubsim.Account{boundAccount(kind)}, others...)...)
	w.ref = w.Save(t, assembled.Request("", "", w.bound(70))).Ref
	w.run(w.queued()[0].Task)
	w.gitHub.ResetCalls()
	return w
}

func (w *world) changeInstallation(kind githubsim.Kind, change func(*githubsim.Account)) {
	w.gitHub.Change(kind, slug, change)
}

// pollNext runs the daily poll of the next day.
func (w *world) pollNext() {
	w.t.Helper()
	w.Advance(24 * time.Hour)
	w.pollAt(w.Now())
}

// signed counts the calls that carry a JWT. All customers of an App share one rate limit for these.
func (w *world) signed() (n int) {
	for _, call := range w.gitHub.Calls() {
		if call.Path == "/app" || strings.HasPrefix(call.Path, "/app/") || strings.HasSuffix(call.Path, "/installation") {
			n++
		}
	}
	return n
}

func TestAPollWithAnAppSignsTwiceAndGivesItsTokenBack(t *testing.T) {
	t.Parallel()
	for _, kind := range []githubsim.Kind{githubsim.Organization, githubsim.Enterprise} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := withApp(t, kind)
			w.pollNext()
			c := w.connector()
			if c.Status != connector.StatusActive && c.Status != connector.StatusBackfilling || c.StatusReason != "" || c.Credential.Kind != credential.GitHubApp ||
				c.Credential.App == nil || c.Credential.App.ID != 70 || c.Credential.App.Slug != "reader" || c.AccountID == "" {
				t.Errorf("the connector does not run as an App: %+v", c)
			}
			if n := w.signed(); n != 2 {
				t.Errorf("%d calls carry a JWT", n)
			}
			if _, alive := w.gitHub.InstallationTokens(); alive != 0 {
				t.Errorf("%d tokens were not given back", alive)
			}
			for _, call := range w.gitHub.Calls() {
				known := call.Method == http.MethodGet || call.Method == http.MethodPost && strings.HasSuffix(call.Path, "/access_tokens") ||
					call.Method == http.MethodDelete && call.Path == "/installation/token"
				if !known || strings.HasPrefix(call.Path, "/user") {
					t.Errorf("%s %s was asked", call.Method, call.Path)
				}
			}
		})
	}
}

func TestAnAppsTokenThatEndsDuringAPollIsRenewedOnce(t *testing.T) {
	t.Parallel()
	w := withApp(t, githubsim.Organization)
	made, _ := w.gitHub.InstallationTokens()
	var once sync.Once
	w.gitHub.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/reports/") {
			once.Do(w.gitHub.ExpireInstallationTokens)
		}
		return false
	})
	w.pollNext()
	if c := w.connector(); c.StatusReason != "" {
		t.Errorf("the status is %s with the reason %q, want no reason", c.Status, c.StatusReason)
	}
	if now, alive := w.gitHub.InstallationTokens(); now != made+2 || alive != 0 {
		t.Errorf("%d tokens were made, %d not given back", now-made, alive)
	}
}

func TestARotationReplacesAKeyAndSwitchesBetweenTokenAndApp(t *testing.T) {
	t.Parallel()
	w := withApp(t, githubsim.Organization)
	first := w.connector().Credential
	for _, step := range []struct {
		name string
		next credential.Token
		kind credential.Kind
	}{
		{"second key", pastedApp(t, 1), credential.GitHubApp}, {"a token", credential.NewToken(secret), credential.ClassicPAT}, {"the App again", pastedApp(t, 0), credential.GitHubApp},
	} {
		w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) {
			a.Apps[0].Keys = []*rsa.PublicKey{&appKeys()[0].PublicKey, &appKeys()[1].PublicKey}
		})
		if _, err := w.life().Rotate(t.Context(), w.ref, step.next, "somebody"); err != nil {
			t.Fatalf("%s: the rotation failed: %v", step.name, err)
		}
		kept, err := w.Parts.Vault.Get(t.Context(), w.ref.Tenant, w.ref.ID)
		if err != nil || kept.Fingerprint() != step.next.Fingerprint() {
			t.Errorf("%s: the vault does not hold the new credential (%v)", step.name, err)
		}
		w.pollNext()
		if c := w.connector(); c.Credential.Kind != step.kind || c.StatusReason != "" || (c.Credential.App != nil) != (step.kind == credential.GitHubApp) {
			t.Errorf("%s: the credential is %+v with the reason %q, want kind %s and no reason", step.name, c.Credential, c.StatusReason, step.kind)
		}
	}
	if last := w.connector().Credential; last.KeyFingerprint != first.KeyFingerprint || !strings.HasPrefix(last.KeyFingerprint, "SHA256:") {
		t.Errorf("fingerprints %q and %q", first.KeyFingerprint, last.KeyFingerprint)
	}
}
