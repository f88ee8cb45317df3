package adminapi_test

import (
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestABillThatIsRefusedIsNotKnownAndSaysWhatOpensIt(t *testing.T) {
	const fineGrained = "github_pat_11AAAAAAA0billingMayNotBeRead0000"
	for _, test := range []struct {
		name, scope, opens string
		token              githubsim.Token
		status             int // what GitHub answers; 0: as it judges the token
	}{
		{"a classic token without the scope", "organization", "the scope manage_billing:copilot", githubsim.Token{Value: canary, Scopes: []string{"read:org"}}, 0},
		{
			"a fine-grained token without the permission", "organization", `the organization permission "Administration: read"`,
			githubsim.Token{Value: fineGrained, Permissions: []string{githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats, githubsim.PermissionMembers}},
			0,
		},
		{"an enterprise's token without the scope", "enterprise", "the scope manage_billing:enterprise", githubsim.Token{Value: canary, Scopes: []string{"read:enterprise"}}, 0},
		{"an organization that its enterprise is billed for", "organization", "billed through an enterprise", githubsim.Token{Value: canary, Scopes: []string{"read:org", "manage_billing:copilot"}}, http.StatusNotFound},
		{"a refusal without a reason", "organization", "the scope manage_billing:copilot", githubsim.Token{Value: canary, Scopes: []string{"read:org", "manage_billing:copilot"}}, http.StatusForbidden},
	} {
		t.Run(test.name, func(t *testing.T) {
			account := octo()
			test.token.Login, test.token.ExpiresAt = account.Tokens[0].Login, account.Tokens[0].ExpiresAt
			account.Tokens = []githubsim.Token{test.token}
			if test.scope == "enterprise" {
				account.Kind, account.Plan = githubsim.Enterprise, githubsim.PlanEnterprise
			}
			a := start(t, account)
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if test.status == 0 || !strings.HasSuffix(r.URL.Path, "/settings/billing/ai_credit/usage") {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(`{"message":"No"}`))
				return true
			})
			saved := a.save(form(test.token.Value, test.scope, "octo"))
			if saved.status != http.StatusCreated {
				t.Fatalf("got %d %s", saved.status, saved.body)
			}
			a.drain()
			month := a.cost(saved.header.Get("Location") + "/cost")
			a.checkSums(month)
			if month.Credits.Billed != nil || month.BySKU != nil || month.ByModel.Basis == "dollars" || month.Projected.Billed != nil || !month.TotalSpend.Estimated {
				t.Errorf("got %+v", month)
			}
			for _, figure := range []string{"credits.billed", "bySku"} {
				if why := month.Reasons[figure]; !strings.HasPrefix(why, "Not available") || !strings.Contains(why, test.opens) {
					t.Errorf("%s is not known because %q", figure, why)
				}
			}
		})
	}
}
