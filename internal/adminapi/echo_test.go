//go:build !race

package adminapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// A server in GitHub's place repeats each secret that it gets, in several spellings. No answer, log or item may hold one.
func TestNoSecretOfAnAppIsRepeatedWhateverGitHubAnswers(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"/login/oauth/access_token", "/user", "/user/installations", "/app/installations/101", "/access_tokens", "/memberships/olga", "/metrics/reports/organization-1-day"} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			a := binding(t)
			var heard []string
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, part) {
					return false
				}
				secret := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
				status, field := http.StatusForbidden, "message"
				if part == "/login/oauth/access_token" {
					secret, status, field = r.PostFormValue("client_secret"), http.StatusOK, "error_description"
				}
				spaced := strings.Join(strings.Split(secret, ""), " ")
				words, _ := json.Marshal(map[string]string{"error": "bad", field: secret + ". " + strings.ToUpper(secret) + " " + spaced})
				heard = append(heard, secret, strings.ToUpper(secret), spaced)
				w.Header().Set("X-Accepted-GitHub-Permissions", spaced)
				w.WriteHeader(status)
				_, _ = w.Write(words)
				return true
			})
			code := a.code("olga")
			got := a.save(installationForm(acmeInstallation, code, ""))
			a.hidden("with an installation", string(got.body), append(heard, code)...)
			if len(heard) == 0 {
				t.Error("nothing was asked there")
			}
			heard = nil
			app := `{"app":{"clientId":"` + githubsim.CastStackApp().ClientID + `","privateKey":` + quoted(githubsim.CastStackApp().PrivateKey) + `},"scope":"organization","slug":"Acme-Org"}`
			a.hidden("with a key", string(a.verify(app).body), heard...)
		})
	}
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text)
	return string(encoded)
}
