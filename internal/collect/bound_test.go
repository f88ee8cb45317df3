//go:build !race

package collect_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

func TestAPollOfAnInstallationSignsTwiceAndNeedsNoVault(t *testing.T) {
	t.Parallel()
	for _, kind := range []githubsim.Kind{githubsim.Organization, githubsim.Enterprise} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := withBound(t, kind)
			w.collector.Vault = noVault{t}
			w.pollNext()
			c := w.connector()
			if c.StatusReason != "" || c.LastPoll.Outcome != connector.OutcomeOK || c.Credential.Kind != credential.GitHubAppInstallation || c.Slug != slug || c.AccountID == "" {
				t.Errorf("the connector does not run: %s %+v", c.StatusReason, c)
			}
			if n := w.signed(); n != 2 {
				t.Errorf("%d calls carry a JWT", n)
			}
			if _, alive := w.gitHub.InstallationTokens(); alive != 0 {
				t.Errorf("%d tokens were not given back", alive)
			}
			if _, comes := remind.Next(c, w.Now()); comes {
				t.Error("a reminder is planned although nothing expires")
			}
		})
	}
}

// noVault is a vault that must not be called.
type noVault struct{ t *testing.T }

func (v noVault) Get(_ context.Context, _, _ string) (credential.Token, error) {
	v.t.Error("the vault was asked")
	return credential.Token{}, nil
}

func (v noVault) Delete(context.Context, string, string) error {
	v.t.Error("the vault was asked to delete")
	return nil
}

func TestAFaultOfAnInstallationIsToldOnceAndMended(t *testing.T) {
	t.Parallel()
	const permission = "organization_copilot_metrics"
	for _, test := range []struct {
		name   string
		breaks func(*githubsim.Account)
		status connector.Status
		says   []string
		mend   func(*githubsim.Account)
	}{
		{
			"suspended", func(a *githubsim.Account) { a.Installations[0].Suspended = begins }, connector.StatusExpired,
			[]string{"suspended", "https://github.com/organizations/octo-demo/settings/installations/70"},
			func(a *githubsim.Account) { a.Installations[0].Suspended = time.Time{} },
		},
		{
			"uninstalled", func(a *githubsim.Account) { a.Installations[0].App = 8 }, connector.StatusExpired,
			[]string{"uninstalled", "https://github.com/apps/cloudmonitor-copilot/installations/new"},
			func(a *githubsim.Account) { a.Installations[0].App = a.Apps[0].ID },
		},
		{
			"a permission waits", func(a *githubsim.Account) { delete(a.Installations[0].Permissions, permission) }, connector.StatusDegraded,
			[]string{"has accepted that yet", "/organizations/octo-demo/settings/installations/70", "/settings/apps/cloudmonitor-copilot/permissions"},
			func(a *githubsim.Account) { a.Installations[0].Permissions[permission] = "read" },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := withBound(t, githubsim.Organization)
			w.changeInstallation(githubsim.Organization, test.breaks)
			w.pollNext()
			c := w.connector()
			for _, says := range test.says {
				if c.Status != test.status || !strings.Contains(c.StatusReason, says) {
					t.Errorf("status %s without %s: %s", c.Status, says, c.StatusReason)
				}
			}
			if n := w.signed(); n > 2 {
				t.Errorf("%d calls carry a JWT", n)
			}
			w.pollNext()
			w.mustTell("after two polls", connector.NoticeStopped)
			w.changeInstallation(githubsim.Organization, test.mend)
			w.pollNext()
			if c := w.connector(); c.Stopped != "" || c.StatusReason != "" {
				t.Errorf("after it was mended: %s %s", c.Status, c.StatusReason)
			}
			w.mustTell("once it was mended", connector.NoticeHealed)
		})
	}
}

// A person who has lifted a suspension must read that the App was uninstalled in the meantime. A cause that comes back without a
// recovery is not news.
func TestAnotherCauseIsToldWithoutARecoveryInBetween(t *testing.T) {
	t.Parallel()
	w := withBound(t, githubsim.Organization)
	suspend := func(a *githubsim.Account) { a.Installations[0].Suspended = begins }
	for _, step := range []struct {
		name   string
		change func(*githubsim.Account)
		told   []connector.NoticeKind
		says   string
	}{
		{"suspended", suspend, []connector.NoticeKind{connector.NoticeStopped}, "suspended"},
		{"uninstalled", func(a *githubsim.Account) { a.Installations[0].App = 8 }, []connector.NoticeKind{connector.NoticeStopped}, "uninstalled"},
		{"still uninstalled", func(*githubsim.Account) {}, nil, ""},
		{"suspended again", func(a *githubsim.Account) { a.Installations[0].App = a.Apps[0].ID }, nil, ""},
		{"mended", func(a *githubsim.Account) { a.Installations[0].Suspended = time.Time{} }, []connector.NoticeKind{connector.NoticeHealed}, ""},
		{"suspended after that", suspend, []connector.NoticeKind{connector.NoticeStopped}, "suspended"},
	} {
		w.changeInstallation(githubsim.Organization, step.change)
		w.pollNext()
		var told []connector.NoticeKind
		for _, notice := range w.sent() {
			told = append(told, notice.Kind)
			if !strings.Contains(notice.Reason, step.says) {
				t.Errorf("%s: the mail says %q", step.name, notice.Reason)
			}
		}
		if !slices.Equal(told, step.told) {
			t.Errorf("%s: told %v, want %v", step.name, told, step.told)
		}
	}
}

func TestAnotherInstallationNeedsANewProof(t *testing.T) {
	t.Parallel()
	w := withBound(t, githubsim.Organization)
	w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) { a.Installations[0].ID = 71 })
	w.pollNext()
	if c := w.connector(); c.Status != connector.StatusExpired || c.Credential.App.ID != 70 {
		t.Errorf("installed anew: %s, installation %d", c.Status, c.Credential.App.ID)
	}
	if _, err := w.life().Rotate(t.Context(), w.ref, w.bound(71), "somebody"); err != nil {
		t.Fatal(err)
	}
	w.pollNext()
	if c := w.connector(); c.StatusReason != "" || c.Credential.App.ID != 71 {
		t.Errorf("proved anew: %s, installation %d", c.StatusReason, c.Credential.App.ID)
	}
}

// A proof is good for the account's id, also before a poll has seen the account's new name.
func TestANewProofIsTakenOnTheDayOfARename(t *testing.T) {
	t.Parallel()
	for _, kind := range []githubsim.Kind{githubsim.Organization, githubsim.Enterprise} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := withBound(t, kind)
			w.gitHub.Rename(kind, slug, newName)
			w.gitHub.Change(kind, newName, func(a *githubsim.Account) { a.Installations[0].ID = 71 })
			w.queued()
			c, err := w.life().Rotate(t.Context(), w.ref, w.bound(71), "somebody")
			if err != nil {
				t.Fatalf("%v %+v", err, err)
			}
			if c.Slug != slug || c.Credential.App.ID != 71 {
				t.Errorf("after the proof it is %s, with installation %d", c.Slug, c.Credential.App.ID)
			}
			for range 2 { // the poll that follows a rotation, and the one that follows a rename
				for _, task := range w.queued() {
					w.run(task.Task)
				}
			}
			if c := w.connector(); c.Slug != newName || c.StatusReason != "" || c.Credential.App.ID != 71 {
				t.Errorf("polled: %s, status %s: %s", c.Slug, c.Status, c.StatusReason)
			}
		})
	}
}

// A rotation is taken although the account has a fault, but never without a proof.
func TestNoFaultOfTheAccountStandsForAProof(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"renamed": http.StatusMovedPermanently, "address": http.StatusForbidden} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withBound(t, githubsim.Organization)
			w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) { a.Installations[0].ID = 71 })
			w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, "/memberships/") {
					return false
				}
				rw.Header().Set("Location", "/organizations/1/memberships/olga")
				rw.WriteHeader(status)
				_, _ = io.WriteString(rw, `{"message": "Although you appear to have the correct authorization credentials, the `+"`octo-demo`"+` organization has an IP allow list enabled, and your IP address is not permitted to access this resource."}`)
				return true
			})
			if _, err := w.life().Rotate(t.Context(), w.ref, w.bound(71), "somebody"); err == nil {
				t.Error("it is taken without a proof")
			}
			if c := w.connector(); c.Credential.App.ID != 70 {
				t.Errorf("the connector has the installation %d", c.Credential.App.ID)
			}
		})
	}
}

func TestNothingIsReadOfTheAccountToWhichAnInstallationMoved(t *testing.T) {
	t.Parallel()
	other := boundAccount(githubsim.Organization)
	other.Slug, other.Apps, other.Installations = "octo-other", nil, nil
	w := create(t, boundAccount(githubsim.Organization), other)
	w.ref = w.Save(t, assembled.Request("", "", w.bound(70))).Ref
	var moved []githubsim.Installation
	w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) { moved, a.Installations = a.Installations, nil })
	w.gitHub.Change(githubsim.Organization, "octo-other", func(a *githubsim.Account) { a.Installations = moved })
	made, _ := w.gitHub.InstallationTokens()
	w.pollNext()
	if c := w.connector(); c.Status != connector.StatusDegraded || !strings.Contains(c.StatusReason, "Nothing of it is kept") {
		t.Errorf("the status is %s with the reason %q", c.Status, c.StatusReason)
	}
	if now, _ := w.gitHub.InstallationTokens(); now != made {
		t.Errorf("%d tokens were made for the other account", now-made)
	}
}

func TestASecretAndAnInstallationReplaceEachOtherCompletely(t *testing.T) {
	t.Parallel()
	w := withBound(t, githubsim.Organization)
	w.changeInstallation(githubsim.Organization, func(a *githubsim.Account) { a.Apps[0].Keys = append(a.Apps[0].Keys, &appKeys()[0].PublicKey) })
	inVault := func() int {
		entries, err := os.ReadDir(filepath.Join(w.Folder, assembled.TokensFolder))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	for _, step := range []struct {
		next   func() credential.Token // a function, because a code is valid only for a short time
		kind   credential.Kind
		secret int
	}{
		{func() credential.Token { return credential.NewToken(secret) }, credential.ClassicPAT, 1},
		{func() credential.Token { return w.bound(70) }, credential.GitHubAppInstallation, 0},
	} {
		if _, err := w.life().Rotate(t.Context(), w.ref, step.next(), "somebody"); err != nil {
			t.Fatalf("to %s: %v", step.kind, err)
		}
		w.pollNext()
		c := w.connector()
		if c.Credential.Kind != step.kind || c.StatusReason != "" || !c.StraySecret.IsZero() || inVault() != step.secret {
			t.Errorf("as %s: %s, %d secrets in the vault, stray since %v", step.kind, c.StatusReason, inVault(), c.StraySecret)
		}
	}
	// A rotation that dies leaves a secret and a note of it. The next poll removes both.
	if err := w.Parts.Vault.Put(t.Context(), w.ref.Tenant, w.ref.ID, credential.NewToken(secret)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Change(t.Context(), w.ref, func(c *connector.Connector) error { c.StraySecret = w.Now(); return nil }); err != nil {
		t.Fatal(err)
	}
	w.pollAt(w.Now())
	if inVault() != 1 {
		t.Error("the secret of a rotation under way is gone")
	}
	w.pollNext()
	if c := w.connector(); inVault() != 0 || !c.StraySecret.IsZero() || c.StatusReason != "" {
		t.Errorf("a day later: %d secrets in the vault, stray since %v, %s", inVault(), c.StraySecret, c.StatusReason)
	}
}
