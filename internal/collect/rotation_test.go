//go:build !race

package collect_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// A refused rotation lists each kind of data that the old token can read and the new one cannot, and the missing permission.
func TestARefusedRotationNamesEachMissingPermission(t *testing.T) {
	t.Parallel()
	const (
		fresh = "ghp_CanarySingsAnewInTheCoalMine01234567"
		fine  = "github_pat_CanarySingsInTheCoalMine_0123456789"
	)
	metrics, seats, administration := githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats, githubsim.PermissionAdministration
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		account := octoDemo()
		account.Seats, account.FirstDay = 3, "2026-11-01"
		account.Tokens[0].Scopes = []string{"read:org", "manage_billing:copilot"}
		if scope == copilot.Enterprise {
			account.Kind, account.Tokens[0].Scopes = githubsim.Enterprise, []string{"read:enterprise", "manage_billing:enterprise"}
		}
		w := create(t, account)
		life := w.life()
		saved := w.Save(t, assembled.Request(scope, slug, credential.NewToken(secret)))
		for _, test := range []struct {
			name   string
			scope  copilot.Scope
			token  githubsim.Token
			refuse string                    // how GitHub refuses the seats besides
			fails  map[verify.CheckID]string // each failing check, with words of its remedy
		}{
			{"all", copilot.Organization, githubsim.Token{Value: fresh, Scopes: []string{"admin:org"}}, "", nil},
			{"all, by permissions", copilot.Organization, githubsim.Token{Value: fine, Permissions: []string{metrics, seats, administration}}, "", nil},
			{
				"no scope for bills", copilot.Organization,
				githubsim.Token{Value: fresh, Scopes: []string{"read:org"}},
				"",
				map[verify.CheckID]string{verify.CheckBilling: "manage_billing:copilot (billed AI credits)"},
			},
			{
				"a permission for usage only", copilot.Organization,
				githubsim.Token{Value: fine, Permissions: []string{metrics}},
				"",
				map[verify.CheckID]string{verify.CheckSeats: `"GitHub Copilot Business: read" (seats)`, verify.CheckBilling: `"Administration: read" (billed AI credits)`},
			},
			{
				"a role that opens usage alone", copilot.Organization,
				githubsim.Token{Value: fresh, Scopes: []string{"read:org", "manage_billing:copilot"}, Role: githubsim.RoleMetricsViewer},
				"",
				map[verify.CheckID]string{verify.CheckSeats: "An owner of octo-demo makes", verify.CheckBilling: "An owner of octo-demo makes"},
			},
			{
				"no scope for usage", copilot.Organization,
				githubsim.Token{Value: fresh, Scopes: []string{"manage_billing:copilot"}},
				"",
				map[verify.CheckID]string{verify.CheckPermission: "tick read:org"},
			},
			{
				"all, but seats are refused by the IP allow list", copilot.Organization,
				githubsim.Token{Value: fresh, Scopes: []string{"admin:org"}},
				"an IP allow list",
				map[verify.CheckID]string{verify.CheckSeats: "No other token helps"},
			},
			{
				"all, but seats are refused without a reason", copilot.Organization,
				githubsim.Token{Value: fresh, Scopes: []string{"admin:org"}},
				"unexplained",
				map[verify.CheckID]string{verify.CheckSeats: "It is unexplained"},
			},
			{"all, but a page is returned instead of seats", copilot.Organization, githubsim.Token{Value: fresh, Scopes: []string{"admin:org"}}, "a page with 403", nil},

			{"all", copilot.Enterprise, githubsim.Token{Value: fresh, Scopes: []string{"admin:enterprise"}}, "", nil},
			{
				"no scope for bills", copilot.Enterprise,
				githubsim.Token{Value: fresh, Scopes: []string{"read:enterprise"}},
				"",
				map[verify.CheckID]string{verify.CheckBilling: "manage_billing:enterprise (billed AI credits)"},
			},
			{
				"a role that opens usage alone", copilot.Enterprise,
				githubsim.Token{Value: fresh, Scopes: []string{"admin:enterprise"}, Role: githubsim.RoleMetricsViewer},
				"",
				map[verify.CheckID]string{verify.CheckSeats: "An owner or billing manager", verify.CheckBilling: "An owner or billing manager"},
			},
			{
				"a kind that reads none", copilot.Enterprise,
				githubsim.Token{Value: fine, Permissions: []string{metrics, seats, administration}},
				"",
				map[verify.CheckID]string{verify.CheckPermission: "a classic one"},
			},
			{
				"no scope for usage", copilot.Enterprise,
				githubsim.Token{Value: fresh, Scopes: []string{"manage_billing:enterprise"}},
				"",
				map[verify.CheckID]string{verify.CheckPermission: "tick read:enterprise"},
			},
		} {
			if test.scope != scope {
				continue
			}
			test.token.Login, test.token.ExpiresAt = "octo-other", begins.AddDate(0, 0, 60)
			w.gitHub.Change(account.Kind, slug, func(a *githubsim.Account) { a.Tokens = append(a.Tokens[:1:1], test.token) })
			w.gitHub.Intercept(nil)
			if at := slices.IndexFunc(forms, func(f form) bool { return f.name == test.refuse }); at >= 0 {
				w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
					if !strings.Contains(r.URL.Path, "/billing/seats") {
						return false
					}
					forms[at].answer(rw)
					return true
				})
			}
			_, err := life.Rotate(t.Context(), saved.Ref, credential.NewToken(test.token.Value), "somebody")
			refused, isRefused := errors.AsType[*lifecycle.Refused](err)
			if err != nil && !isRefused {
				t.Fatalf("%s, %s: the rotation failed with %v", scope, test.name, err)
			}
			failing := map[verify.CheckID]string{}
			if isRefused {
				for _, check := range refused.Result.Checks {
					if check.Status == verify.Fail {
						failing[check.ID] = *check.Remedy
					}
				}
			}
			if len(failing) != len(test.fails) {
				t.Errorf("%s, %s: failing checks are %v", scope, test.name, failing)
			}
			for id, words := range test.fails {
				if !strings.Contains(failing[id], words) {
					t.Errorf("%s, %s: %s says %q, and not %q", scope, test.name, id, failing[id], words)
				}
			}
		}
	}
}
