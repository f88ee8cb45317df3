package githubsim_test

import (
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// The simulated GitHub has rules of its own about scopes, and the connector has a table. This test compares the two.
func TestOneGrantOpensExactlyWhatTheTableOfRightsSays(t *testing.T) {
	t.Parallel()
	paths := map[copilot.Scope]map[access.Capability]string{
		copilot.Organization: {
			access.Usage:   orgReports + "organization-28-day/latest",
			access.Users:   orgReports + "users-28-day/latest",
			access.Seats:   "/orgs/octo-test/copilot/billing/seats",
			access.Billing: "/organizations/octo-test/settings/billing/ai_credit/usage",
			access.Budgets: "/organizations/octo-test/settings/billing/budgets",
		},
		copilot.Enterprise: {
			access.Usage:   enterpriseReports + "enterprise-28-day/latest",
			access.Users:   enterpriseReports + "users-28-day/latest",
			access.Seats:   "/enterprises/octo-test/copilot/billing/seats",
			access.Billing: "/enterprises/octo-test/settings/billing/ai_credit/usage",
			access.Budgets: "/enterprises/octo-test/settings/billing/budgets",

			access.CostCenters: "/enterprises/octo-test/settings/billing/cost-centers",
		},
	}
	grants := map[credential.Kind][]string{
		credential.ClassicPAT: {
			"read:org", "write:org", "admin:org", "copilot", "manage_billing:copilot", "read:enterprise", "manage_billing:enterprise", "admin:enterprise",
			"repo", "user", "read:audit_log",
		},
		credential.FineGrainedPAT: {
			githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats, githubsim.PermissionAdministration, githubsim.PermissionMembers,
		},
	}
	for scope, paths := range paths {
		for kind, grants := range grants {
			for _, grant := range grants {
				token := githubsim.Token{Value: classicToken, Login: "octo-owner", Scopes: []string{grant}}
				if kind == credential.FineGrainedPAT {
					token = githubsim.Token{Value: fineGrainedToken, Login: "octo-owner", Permissions: []string{grant}}
				}
				gh := start(t, organization(func(a *githubsim.Account) {
					a.Kind, a.Tokens = githubsim.Kind(scope), []githubsim.Token{token}
				}))
				for what, path := range paths {
					_, ok := access.For(scope, kind, what)
					want := ok && !access.Held{Scope: scope, Kind: kind, Grants: []string{grant}}.Lacks(what)
					if got := gh.get(path, token.Value); (got.status == http.StatusOK) != want {
						t.Errorf("%s with %s alone reads %s of %s: %d, the table says %v", kind, grant, what, scope.Article(), got.status, want)
					}
				}
			}
		}
	}
}
