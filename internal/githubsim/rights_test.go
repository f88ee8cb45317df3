package githubsim_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// scopes are all scopes of a classic token.
// https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
var scopes = strings.Fields(`repo repo:status repo_deployment public_repo repo:invite security_events admin:repo_hook write:repo_hook
	read:repo_hook admin:org write:org read:org admin:public_key write:public_key read:public_key admin:org_hook gist notifications user
	read:user user:email user:follow project read:project delete_repo write:packages read:packages delete:packages admin:gpg_key
	write:gpg_key read:gpg_key codespace workflow read:audit_log audit_log admin:enterprise manage_runners:enterprise
	manage_billing:enterprise read:enterprise copilot manage_billing:copilot`)

// pathOf returns a request for each kind of data, below the account's address.
var pathOf = map[access.Capability]string{
	access.Usage:       "/copilot/metrics/reports/%s-28-day/latest",
	access.Users:       "/copilot/metrics/reports/users-28-day/latest",
	access.Teams:       "/copilot/metrics/reports/user-teams-1-day?day=2026-11-20",
	access.Seats:       "/copilot/billing/seats",
	access.Billing:     "/settings/billing/ai_credit/usage",
	access.Budgets:     "/settings/billing/budgets",
	access.CostCenters: "/settings/billing/cost-centers",
}

// The simulated GitHub has rules of its own about scopes and permissions, and the connector has a table. This test compares the two for
// every kind of credential, every grant and every kind of data.
func TestOneGrantOpensExactlyWhatTheTableOfRightsSays(t *testing.T) {
	t.Parallel()
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		for _, kind := range []credential.Kind{credential.ClassicPAT, credential.FineGrainedPAT, credential.GitHubApp} {
			for _, grant := range grantsOf(kind) {
				gh, token := holding(t, scope, kind, grant)
				for _, what := range access.All() {
					if kind == credential.GitHubApp && scope == copilot.Enterprise && what == access.Seats {
						continue // how GitHub spells the permission is unknown
					}
					want := opens(scope, kind, grant, what)
					if got := gh.get(address(scope, what), token); (got.status == http.StatusOK) != want {
						t.Errorf("%s with %s alone reads %s of %s: %d, the table says %v", kind, grant, what, scope.Article(), got.status, want)
					}
				}
			}
		}
	}
}

// grantsOf lists the grants that a credential can hold: those of the table, and others.
func grantsOf(kind credential.Kind) []string {
	grants := []string{githubsim.PermissionMembers, "metadata", "enterprise_copilot_usage"}
	if kind == credential.ClassicPAT {
		grants = slices.Clone(scopes)
	}
	for _, right := range access.Rights {
		for _, grant := range append([]access.Grant{right.Least}, right.Also...) {
			switch ofToken := kind == credential.ClassicPAT; {
			case ofToken && grant.Of == "":
				grants = append(grants, grant.Name)
			case !ofToken && grant.Key != "":
				grants = append(grants, grant.Key)
			}
		}
	}
	slices.Sort(grants)
	return slices.Compact(grants)
}

// holding returns a simulated GitHub and a credential of an owner with one grant.
func holding(t *testing.T, scope copilot.Scope, kind credential.Kind, grant string) (gh github, token string) {
	if kind == credential.GitHubApp {
		gh = start(t, withApp(githubsim.Kind(scope), grant))
		return gh, gh.mint("")
	}
	held := githubsim.Token{Value: classicToken, Login: "octo-owner", Scopes: []string{grant}}
	if kind == credential.FineGrainedPAT {
		held = githubsim.Token{Value: fineGrainedToken, Login: "octo-owner", Permissions: []string{grant}}
	}
	return start(t, organization(func(a *githubsim.Account) {
		a.Kind, a.Tokens = githubsim.Kind(scope), []githubsim.Token{held}
	})), held.Value
}

// opens reports whether the grant gives the right by the table.
func opens(scope copilot.Scope, kind credential.Kind, grant string, what access.Capability) bool {
	if kind == credential.GitHubApp {
		return !access.AppLacks(scope, map[string]string{grant: "read"}, what)
	}
	_, ok := access.For(scope, kind, what)
	return ok && !access.Held{Scope: scope, Kind: kind, Grants: []string{grant}}.Lacks(what)
}

func address(scope copilot.Scope, what access.Capability) string {
	root := "/orgs/"
	if scope == copilot.Enterprise {
		root = "/enterprises/"
	} else if strings.HasPrefix(pathOf[what], "/settings/") {
		root = "/organizations/"
	}
	return root + "octo-test" + strings.ReplaceAll(pathOf[what], "%s", fmt.Sprint(scope))
}
