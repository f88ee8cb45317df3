//go:build !race

package collect_test

import (
	"crypto/rsa"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

var update = flag.Bool("update", false, "write the golden files anew")

// appCause is a way in which a GitHub App stops reading an account, and what the poll makes of it.
type appCause struct {
	name   string
	breaks func(*githubsim.Account)
	status connector.Status
	signs  int // at most so many calls carry a JWT
	told   connector.NoticeKind
}

func appCauses(kind githubsim.Kind) []appCause {
	without := func(permissions ...string) func(*githubsim.Account) {
		return func(a *githubsim.Account) {
			for _, name := range permissions {
				delete(a.Installations[0].Permissions, string(kind)+name)
			}
		}
	}
	const expired, degraded, stopped = connector.StatusExpired, connector.StatusDegraded, connector.NoticeStopped
	return []appCause{
		{"suspended", func(a *githubsim.Account) { a.Installations[0].Suspended = begins }, expired, 1, stopped},
		{"uninstalled", func(a *githubsim.Account) { a.Installations = nil }, expired, 2, stopped},
		{"key-deleted", func(a *githubsim.Account) { a.Apps[0].Keys[0] = &appKeys()[1].PublicKey }, expired, 1, stopped},
		{"no-key-known", func(a *githubsim.Account) { a.Apps[0].Keys = []*rsa.PublicKey{} }, expired, 1, stopped},
		{"app-deleted", func(a *githubsim.Account) { a.Apps, a.Installations = nil, nil }, expired, 1, stopped},
		{"permission-waits", without("_copilot_metrics"), degraded, 2, stopped},
		{"permission-missing", func(a *githubsim.Account) {
			without("_copilot_metrics")(a)
			delete(a.Apps[0].Permissions, string(kind)+"_copilot_metrics")
		}, degraded, 2, stopped},
		{"seats-wait", without("_copilot_seat_management", "_administration"), degraded, 2, connector.NoticeLost},
	}
}

// testdata has what Verify, the connector's status and the mail say of each cause. Each is told once, and again only after the App
// works. Installed anew, it has another id.
func TestEachCauseThatStopsAnAppIsToldOnceWithItsCure(t *testing.T) {
	t.Parallel()
	for _, kind := range []githubsim.Kind{githubsim.Organization, githubsim.Enterprise} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := withApp(t, kind)
			for i, cause := range appCauses(kind) {
				if kind == githubsim.Enterprise && cause.name != "uninstalled" && cause.told == connector.NoticeStopped && cause.name != "permission-waits" {
					continue // the same words but for the address
				}
				w.t.Log(cause.name)
				w.told()
				w.gitHub.ResetCalls()
				w.changeInstallation(kind, cause.breaks)
				w.pollNext()
				if n := w.signed(); n > cause.signs {
					t.Errorf("%s: %d calls carry a JWT", cause.name, n)
				}
				if c := w.connector(); c.Status != cause.status {
					t.Errorf("%s: status %s: %s", cause.name, c.Status, c.StatusReason)
				}
				notices := w.sent()
				if len(notices) == 0 || notices[0].Kind != cause.told {
					t.Errorf("%s: told %v", cause.name, notices)
				}
				testworld.Golden(t, filepath.Join("testdata", string(kind)+"-"+cause.name+".golden"), w.wordsOfApp(kind, notices), *update)
				w.pollNext()
				w.mustTell("a second time of " + cause.name)
				w.changeInstallation(kind, func(a *githubsim.Account) {
					sound := appAccount(kind)
					a.Apps, a.Installations = sound.Apps, sound.Installations
					a.Installations[0].ID += int64(i)
				})
				w.pollNext()
				if c := w.connector(); c.Stopped != "" || c.StatusReason != "" {
					t.Errorf("after the cure of %s: %s %s", cause.name, c.Status, c.StatusReason)
				}
				if cause.told == connector.NoticeStopped {
					w.mustTell("after the cure of "+cause.name, connector.NoticeHealed)
				}
			}
			if _, alive := w.gitHub.InstallationTokens(); alive != 0 {
				t.Errorf("%d tokens were not given back", alive)
			}
		})
	}
}

// wordsOfApp is all that people read about the App as it is now.
func (w *world) wordsOfApp(kind githubsim.Kind, notices []connector.Notice) string {
	var text strings.Builder
	result := w.collector.Verifier.Verify(w.t.Context(), verify.Request{
		Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Scope(kind), Slug: slug}, Token: pastedApp(w.t, 0), IdleAfterDays: seat.DefaultIdleAfterDays,
	})
	for _, check := range result.Checks {
		if check.Remedy != nil && (check.Status == verify.Fail || check.Status == verify.Warn) && check.ID != verify.CheckOrganizations {
			fmt.Fprintf(&text, "Verify, %s %s (%s): %s\n%s\n%s\n\n", check.ID, check.Status, check.Code, check.Title, check.Detail, *check.Remedy)
		}
	}
	c := w.connector()
	fmt.Fprintf(&text, "Status %s:\n%s\n", c.Status, c.StatusReason)
	for _, notice := range notices {
		mail := notify.Compose(c, notice)
		body := strings.ReplaceAll(mail.Body, c.Credential.KeyFingerprint, "SHA256:KEY")
		fmt.Fprintf(&text, "\nMail: %s\n\n%s", mail.Subject, body)
	}
	return text.String()
}
