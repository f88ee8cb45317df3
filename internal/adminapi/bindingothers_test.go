//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// A replacement needs the same proof as Save, and the account must be the same by its id.
func TestAReplacementTakesNoInstallationOfAnotherAccount(t *testing.T) {
	t.Parallel()
	a := binding(t)
	saved := a.save(installationForm(acmeInstallation, a.code("olga"), ""))
	if saved.status != http.StatusCreated {
		t.Fatalf("%d %s", saved.status, saved.body)
	}
	path := saved.header.Get("Location") + "/credential"
	for _, attack := range []struct {
		name, login string
		id          int
		code        string // of the failing check
	}{
		{"a made-up id", "olga", 999999, "installation_not_yours"},
		{"another person's", "olga", othersInstallation, "installation_not_yours"},
		{"as a member", "mark", acmeInstallation, "installer_not_owner"},
		{"one's own, on another account", "olga", enterpriseInstallation, "installed_elsewhere"},
		{"another owner's own", "yara", othersInstallation, "installed_elsewhere"},
		{"the right one", "olga", acmeInstallation, ""},
	} {
		got := a.send(http.MethodPut, path, installationForm(attack.id, a.code(attack.login), ""))
		if attack.code == "" && got.status != http.StatusOK || attack.code != "" && (got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), attack.code)) {
			t.Errorf("%s: %d %s", attack.name, got.status, got.body)
		}
	}
	// The account is renamed, and yara's organization takes its name.
	a.github.Rename(githubsim.Organization, "Acme-Org", "acme-renamed")
	a.github.Rename(githubsim.Organization, "other-org", "Acme-Org")
	got := a.send(http.MethodPut, path, installationForm(othersInstallation, a.code("yara"), ""))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), "other_account") {
		t.Errorf("the account that has the name now: %d %s", got.status, got.body)
	}
	if c := a.send(http.MethodGet, saved.header.Get("Location"), ""); !strings.Contains(string(c.body), fmt.Sprintf(`"installationId":%d`, acmeInstallation)) {
		t.Errorf("the connector is %s", c.body)
	}
}

func TestAnInstallationThatIsSuspendedBetweenTheProofAndTheReadingIsNotSaved(t *testing.T) {
	t.Parallel()
	a := binding(t)
	tokens := 0
	a.github.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/access_tokens") {
			if tokens++; tokens == 2 { // the first one asks for the role
				a.github.Change(githubsim.Organization, "Acme-Org", func(o *githubsim.Account) { o.Installations[0].Suspended = noon })
			}
		}
		return false
	})
	got := a.save(installationForm(acmeInstallation, a.code("olga"), ""))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), `"code":"app_suspended"`) || tokens != 2 {
		t.Errorf("%d %s", got.status, got.body)
	}
	if _, alive := a.github.InstallationTokens(); alive != 0 {
		t.Errorf("%d tokens were not given back", alive)
	}
}
