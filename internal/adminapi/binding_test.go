//go:build !race

package adminapi_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func TestOnlyAnOwnerBindsAnInstallation(t *testing.T) {
	t.Parallel()
	const token, account, permission = "token", "account", "permission"
	for _, attack := range []struct {
		name     string
		login    string // the person whose code is sent
		id       any
		rest     string
		check    string
		code     string // code of the failing check
		prepares func(a *app, code string) string
	}{
		{name: "a made-up id", login: "olga", id: 999999, check: account, code: "installation_not_yours"},
		{name: "the largest id", login: "olga", id: "9223372036854775807", check: account, code: "installation_not_yours"},
		{name: "the installation of another person", login: "olga", id: othersInstallation, check: account, code: "installation_not_yours"},
		{name: "the installation of another person, by its name", login: "olga", id: othersInstallation, rest: named("organization", "other-org"), check: account, code: "installation_not_yours"},
		{name: "somebody else's under one's own name", login: "olga", id: othersInstallation, rest: named("organization", "Acme-Org"), check: account, code: "installation_not_yours"},
		{name: "another App's installation on one's own account", login: "olga", id: foreignInstallation, check: account, code: "installation_not_yours"},
		{name: "a member", login: "mark", id: acmeInstallation, check: account, code: "installer_not_owner"},
		{name: "a member of an enterprise", login: "mark", id: enterpriseInstallation, check: account, code: "installation_not_yours"},
		{name: "an owner who has not accepted the invitation", login: "pia", id: acmeInstallation, check: account, code: "installer_not_owner"},
		{name: "somebody who belongs to nothing", login: "nobody", id: acmeInstallation, check: account, code: "installation_not_yours"},
		{name: "one's own installation under another name", login: "eve", id: evesInstallation, rest: named("organization", "Acme-Org"), check: account, code: "installed_elsewhere"},
		{name: "an organization's under the enterprise of its name", login: "eve", id: evesInstallation, rest: named("enterprise", "acme-ent"), check: account, code: "installed_elsewhere"},
		{name: "an enterprise's under the organization of its name", login: "olga", id: enterpriseInstallation, rest: named("organization", "acme-ent"), check: account, code: "installed_elsewhere"},
		{name: "the name in letters that only look alike", login: "eve", id: evesInstallation, rest: named("organization", "acme-ent2"), check: account, code: "installed_elsewhere"},
		{name: "suspended", login: "olga", id: suspendedInstallation, check: token, code: "app_suspended"},
		{name: "nothing shows who is an owner", login: "olga", id: blindInstallation, check: permission, code: "permission_waiting"},
		{name: "a made-up code", id: acmeInstallation, check: token, code: "code_refused", prepares: func(*app, string) string { return "00000000000000000000" }},
		{name: "a code of strange bytes", id: acmeInstallation, check: token, code: "code_refused", prepares: func(*app, string) string { return `&code=%00'"<>\..//?#` }},
		{name: "another App's code", id: acmeInstallation, check: token, code: "code_refused", prepares: func(a *app, _ string) string {
			return a.github.Authorize("Iv23liAnotherApp", "olga")
		}},
		{name: "a code that was used", login: "olga", id: acmeInstallation, check: token, code: "code_refused", prepares: func(a *app, code string) string {
			if got := a.verify(installationForm(acmeInstallation, code, "")); !got.OK {
				a.t.Errorf("its first use: %s", got.body)
			}
			return code
		}},
		{name: "a code that was used without success", login: "olga", id: acmeInstallation, check: token, code: "code_refused", prepares: func(a *app, code string) string {
			a.verify(installationForm(othersInstallation, code, ""))
			return code
		}},
		{name: "a code that has ended", login: "olga", id: acmeInstallation, check: token, code: "code_refused", prepares: func(a *app, code string) string {
			a.Advance(11 * time.Minute)
			return code
		}},
		{name: "the installation has moved to another account", login: "olga", id: acmeInstallation, check: account, code: "installation_not_yours", prepares: func(a *app, code string) string {
			a.move(acmeInstallation, "Acme-Org", "other-org")
			return code
		}},
		{name: "an outside collaborator, for whom GitHub lists the installation", login: "mark", id: acmeInstallation, check: account, code: "installer_not_owner", prepares: func(a *app, code string) string {
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, "/memberships/") {
					return false
				}
				w.WriteHeader(http.StatusNotFound)
				_, _ = io.WriteString(w, `{"message":"Not Found"}`)
				return true
			})
			return code
		}},
		{name: "the owner became a member", login: "olga", id: acmeInstallation, check: account, code: "installer_not_owner", prepares: func(a *app, code string) string {
			a.github.Change(githubsim.Organization, "Acme-Org", func(o *githubsim.Account) { o.People[0].Role = githubsim.RoleMember })
			return code
		}},
	} {
		t.Run(attack.name, func(t *testing.T) {
			t.Parallel()
			a := binding(t)
			for _, path := range []string{"/verify", "/connectors"} {
				code := a.code(attack.login)
				if attack.prepares != nil {
					code = attack.prepares(a, code)
				}
				a.github.ResetCalls()
				made, _ := a.github.InstallationTokens()
				got := a.send(http.MethodPost, tenant+path, installationForm(attack.id, code, attack.rest))
				if want := map[string]int{"/verify": http.StatusOK, "/connectors": http.StatusUnprocessableEntity}[path]; got.status != want || got.OK {
					t.Fatalf("%s: %d %s", path, got.status, got.body)
				}
				for _, check := range got.Checks {
					if check.Status == verify.Fail && (string(check.ID) != attack.check || string(check.Code) != attack.code) {
						t.Errorf("%s: the check %s fails with %s", path, check.ID, check.Code)
					}
				}
				if !slices.ContainsFunc(got.Checks, func(c verify.Check) bool { return c.Status == verify.Fail }) {
					t.Errorf("%s: no check fails: %s", path, got.body)
				}
				a.readsNothing(path, made, string(got.body), code)
				if code == "00000000000000000000" || path == "/verify" && attack.prepares != nil { // the state before cannot be restored for a second attempt
					break
				}
			}
			if list := a.send(http.MethodGet, tenant+"/connectors", ""); !strings.Contains(string(list.body), `"connectors":[]`) {
				t.Errorf("something was saved: %s", list.body)
			}
		})
	}
}

// An answer about the role proves nothing unless it has the ids of the installer and of the organization: a name can be taken.
func TestARoleWithoutTheRightIDsProvesNothing(t *testing.T) {
	t.Parallel()
	known := binding(t)
	saved := known.save(installationForm(acmeInstallation, known.code("olga"), ""))
	_, organization, _ := strings.Cut(string(saved.body), `"accountId":"`)
	organization, _, _ = strings.Cut(organization, `"`)
	const right = "the ids of both"
	for name, ids := range map[string]string{
		"no ids":                    `{"url":""}`,
		"no id of the person":       `{"organization":{"id":ORG}}`,
		"no id of the organization": `{"user":{"id":7}}`,
		"the id of another person":  `{"user":{"id":1},"organization":{"id":ORG}}`,
		"another organization's id": `{"user":{"id":7},"organization":{"id":1}}`,
		"ids of 0":                  `{"user":{"id":0},"organization":{"id":0}}`,
		"names in the place of ids": `{"user":{"login":"olga"},"organization":{"login":"Acme-Org"}}`,
		right:                       `{"user":{"id":7},"organization":{"id":ORG}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := binding(t)
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				switch {
				case r.URL.Path == "/user":
					_, _ = io.WriteString(w, `{"id":7,"login":"olga"}`)
				case strings.HasPrefix(r.URL.Path, "/orgs/Acme-Org/memberships/"):
					_, _ = io.WriteString(w, `{"state":"active","role":"admin",`+strings.ReplaceAll(ids, "ORG", organization)[1:])
				default:
					return false
				}
				return true
			})
			got := a.verify(installationForm(acmeInstallation, a.code("olga"), ""))
			if got.OK != (name == right) {
				t.Errorf("Verify is ok: %t: %s", got.OK, got.body)
			}
		})
	}
}

// move moves an installation to another organization.
func (a *app) move(id int64, from, to string) {
	var moved githubsim.Installation
	a.github.Change(githubsim.Organization, from, func(o *githubsim.Account) {
		at := slices.IndexFunc(o.Installations, func(i githubsim.Installation) bool { return i.ID == id })
		moved, o.Installations = o.Installations[at], slices.Delete(o.Installations, at, at+1)
	})
	a.github.Change(githubsim.Organization, to, func(o *githubsim.Account) { o.Installations = append(o.Installations, moved) })
}

// readsNothing checks that an attack has read nothing of the account, and that no secret is shown.
func (a *app) readsNothing(where string, made int, body, code string) {
	a.t.Helper()
	for _, call := range a.github.Calls() {
		if strings.Contains(call.Path, "/copilot/") || strings.Contains(call.Path, "/billing/") {
			a.t.Errorf("%s: %s was read", where, call.Path)
		}
	}
	if now, alive := a.github.InstallationTokens(); now > made+1 || alive != 0 {
		a.t.Errorf("%s: %d tokens were made, %d were not given back", where, now-made, alive)
	}
	for _, tells := range []string{`"permissions":{"`, `"accountId"`, `"preview":{`} {
		if strings.Contains(body, tells) {
			a.t.Errorf("%s shows %s: %s", where, tells, body)
		}
	}
	a.hidden(where, body, code)
}

// hidden checks that no code, token or key is in an answer, in the log or in the store.
func (a *app) hidden(where, body string, codes ...string) {
	a.t.Helper()
	texts := map[string]string{"answer": body, "log": a.Log.String()}
	err := filepath.WalkDir(a.Folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // of the test
		texts[path] = string(text)
		return err
	})
	if err != nil {
		a.t.Fatal(err)
	}
	secrets := append([]string{"ghu_", "ghs_", "eyJ", githubsim.CastStackApp().ClientSecret}, codes...)
	secrets = append(secrets, keyParts()...)
	for place, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				a.t.Errorf("%s: %q is in %s", where, secret, place)
			}
		}
	}
}

func TestAnOwnerBindsAnInstallationAndItHoldsNoSecret(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, rest string
		id         any
		scope      string
		slug       string
	}{
		{"nothing is named", "", acmeInstallation, "organization", "Acme-Org"},
		{"the id is a string", "", `"101"`, "organization", "Acme-Org"},
		{"in other letters", named("organization", "aCME-oRG"), acmeInstallation, "organization", "aCME-oRG"},
		{"an enterprise", named("enterprise", "ACME-ent"), enterpriseInstallation, "enterprise", "ACME-ent"},
		{"an enterprise that is not named", "", enterpriseInstallation, "enterprise", "acme-ent"},
		{"the scope only", `,"scope":"organization"`, acmeInstallation, "organization", "Acme-Org"},
		{"the address only", `,"slug":"https://github.com/acme-org"`, acmeInstallation, "organization", "acme-org"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := binding(t)
			codes := []string{a.code("olga"), a.code("olga")}
			got := a.verify(installationForm(test.id, codes[0], test.rest))
			if !got.OK || got.Account.Slug != test.slug || string(got.Account.Scope) != test.scope || !strings.Contains(string(got.body), `"keyFingerprint":null`) {
				t.Fatalf("Verify: %d %s", got.status, got.body)
			}
			saved := a.save(installationForm(test.id, codes[1], test.rest))
			for _, shows := range []string{
				`"kind":"github_app_installation"`, `"login":null`, `"expiresAt":null`, `"daysLeft":null`, `"expirySource":"none"`, `"keyFingerprint":null`,
				fmt.Sprintf(`"slug":%q`, test.slug), `"nextMail":null`,
			} {
				if saved.status != http.StatusCreated || !strings.Contains(string(saved.body), shows) {
					t.Errorf("Save: %d, without %s: %s", saved.status, shows, saved.body)
				}
			}
			if made, alive := a.github.InstallationTokens(); alive != 0 || made > 4 {
				t.Errorf("%d tokens were made, %d were not given back", made, alive)
			}
			if kept, err := os.ReadDir(filepath.Join(a.Folder, assembled.TokensFolder)); err != nil || len(kept) != 0 {
				t.Errorf("the vault holds %v, %v", kept, err)
			}
			a.hidden("save", string(saved.body), codes...)
			if again := a.save(installationForm(test.id, a.code("olga"), test.rest)); again.status != http.StatusConflict {
				t.Errorf("Save again: %d %s, want 409", again.status, again.body)
			}
		})
	}
}

func TestAnotherTenantNeedsItsOwnProofToBindAnInstallation(t *testing.T) {
	t.Parallel()
	a := binding(t)
	code := a.code("olga")
	if got := a.save(installationForm(acmeInstallation, code, "")); got.status != http.StatusCreated {
		t.Fatalf("the first tenant's Save got %d %s, want 201", got.status, got.body)
	}
	const rival = "/v1/tenants/rival/connectors"
	for _, refused := range []string{code, a.code("eve"), a.code("mark")} {
		if got := a.send(http.MethodPost, rival, installationForm(acmeInstallation, refused, "")); got.status != http.StatusUnprocessableEntity {
			t.Errorf("without a proof: %d %s, want 422", got.status, got.body)
		}
	}
	if got := a.send(http.MethodPost, rival, installationForm(acmeInstallation, a.code("olga"), "")); got.status != http.StatusCreated {
		t.Errorf("with a proof: %d %s, want 201", got.status, got.body)
	}
}

func TestAnInvalidInstallationFormReachesNobody(t *testing.T) {
	t.Parallel()
	a := binding(t)
	const good = "0123456789abcdef0123"
	for field, bodies := range map[string][]string{
		"installation.installationId": {
			installationForm(0, good, ""), installationForm(-101, good, ""), installationForm(1.5, good, ""), installationForm("1e3", good, ""),
			installationForm("9223372036854775808", good, ""), installationForm(`"0101"`, good, ""), installationForm(`"101 "`, good, ""), installationForm(`""`, good, ""),
			installationForm("true", good, ""), installationForm("[101]", good, ""), installationForm(`"١٠١"`, good, ""), installationForm(`"+101"`, good, ""),
			`{"installation":{"code":"0123456789abcdef0123"}}`,
		},
		"installation.code": {
			installationForm(101, "", ""), installationForm(101, "a b", ""), installationForm(101, "a\nb", ""), installationForm(101, "ä", ""),
			installationForm(101, strings.Repeat("a", 256), ""), `{"installation":{"installationId":101}}`,
		},
		"installation": {installationForm(101, good, `,"token":"ghp_x"`), installationForm(101, good, `,"app":{"clientId":"a","privateKey":"b"}`)},
		"host":         {installationForm(101, good, `,"host":"octo.ghe.com"`)},
		"slug":         {installationForm(101, good, `,"slug":"-"`)},
		"scope":        {installationForm(101, good, `,"scope":"user"`)},
	} {
		for _, body := range bodies {
			for _, path := range []string{"/verify", "/connectors"} {
				got := a.send(http.MethodPost, tenant+path, body)
				if got.status != http.StatusBadRequest || !strings.Contains(string(got.body), fmt.Sprintf("%q", field)) {
					t.Errorf("%s at %s: %d %s, want 400", body, path, got.status, got.body)
				}
			}
		}
	}
	if calls := a.github.Calls(); len(calls) != 0 {
		t.Errorf("GitHub was asked: %v", calls)
	}
	if got := a.send(http.MethodGet, tenant+"/github-app", ""); strings.TrimSpace(string(got.body)) != `{"available":true,"installUrl":"https://github.com/apps/cloudmonitor-copilot/installations/new"}` {
		t.Errorf("github-app: %d %s", got.status, got.body)
	}
}

func TestAnInstallationIsNotBlamedWhenGitHubFails(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"/login/oauth/access_token", "/user", "/user/installations", "/app/installations/101", "/access_tokens", "/memberships/olga"} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			a := binding(t)
			asked := 0
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if strings.HasSuffix(r.URL.Path, part) {
					asked++
					w.WriteHeader(http.StatusBadGateway)
					return true
				}
				return false
			})
			if got := a.save(installationForm(acmeInstallation, a.code("olga"), "")); got.status != http.StatusBadGateway || got.Code != "github_unreachable" {
				t.Errorf("Save got %d %s, want 502 github_unreachable", got.status, got.body)
			}
			if part == "/login/oauth/access_token" && asked != 1 {
				t.Errorf("the code was sent %d times", asked)
			}
			a.github.Intercept(nil)
			if got := a.save(installationForm(acmeInstallation, a.code("olga"), "")); got.status != http.StatusCreated {
				t.Errorf("once it is mended: %d %s, want 201", got.status, got.body)
			}
		})
	}
}

func TestEveryStateOfAnInstallationTellsItsCauseAndRemedy(t *testing.T) {
	t.Parallel()
	healthy := githubsim.Connectables()[0]
	type story struct {
		name  string
		id    int64
		login string
		code  string // "": a new code
	}
	stories := []story{
		{"as a member", healthy.InstallationID, healthy.Member, ""},
		{"as somebody else", healthy.InstallationID, "octo-stranger", ""},
		{"with a used code", healthy.InstallationID, healthy.Owner, "0123456789abcdef0123"},
	}
	for _, c := range githubsim.Connectables() {
		stories = append(stories, story{c.Slug, c.InstallationID, c.Owner, ""})
	}
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			a := prepare(t)
			a.withStackApp()
			a.lifecycle.Queue = idle{}
			a.serve()
			code := s.code
			if code == "" {
				code = a.code(s.login)
			}
			got := a.verify(installationForm(s.id, code, ""))
			isAsWritten(t, filepath.Join("testdata", "CloudMonitor-App-"+strings.ReplaceAll(s.name, " ", "-")+".golden"), got)
			a.hidden("verify", string(got.body), code)
		})
	}
}

func TestAConnectorOnAnotherHostTakesNoInstallation(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	a.withStackApp()
	a.lifecycle.Queue = idle{}
	a.serve()
	saved := a.save(`{"token":"` + canary + `","scope":"organization","slug":"octo","host":"acme.ghe.com"}`)
	if saved.status != http.StatusCreated {
		t.Fatalf("%d %s", saved.status, saved.body)
	}
	a.github.ResetCalls()
	got := a.send(http.MethodPut, saved.header.Get("Location")+"/credential", installationForm(acmeInstallation, a.code("olga"), ""))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), "installed_elsewhere") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if calls := a.github.Calls(); len(calls) != 0 {
		t.Errorf("GitHub was asked: %v", calls)
	}
}
