//go:build !race

package verify_test

import (
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func TestVerifyTellsWhichDataOfWhoPaysATokenCanRead(t *testing.T) {
	t.Parallel()
	const readOrg, readInc, billOrg, billInc = "read:org", "read:enterprise", "manage_billing:copilot", "manage_billing:enterprise"
	type found struct {
		status verify.CheckStatus
		code   verify.Code
		says   string
	}
	ok := func(says string) found { return found{pass, "ok", says} }
	refused := func(what, grant string) found {
		return found{skip, "scope_missing", "may not read the " + what + "|" + grant}
	}
	const alone = "Only an enterprise's bill is divided"
	for name, test := range map[string]struct {
		scope   copilot.Scope
		scopes  []string
		budgets []githubsim.Budget
		refuse  string // the part of an address that GitHub refuses
		status  int
		want    map[verify.CheckID]found
	}{
		"an organization, all of it": {
			copilot.Organization,
			[]string{readOrg, billOrg},
			nil, "", 0,
			map[verify.CheckID]found{"teams": ok("user-teams report"), "organizations": ok(alone), "budgets": ok("no budget for AI credits"), "billing": ok("can be shown")},
		},
		"an organization without the right to its bill": {
			copilot.Organization,
			[]string{readOrg},
			nil, "", 0,
			map[verify.CheckID]found{"teams": ok("user-teams report"), "organizations": ok(alone), "budgets": refused("budgets", billOrg), "billing": refused("billed AI credits", billOrg)},
		},
		"an enterprise, all of it": {
			copilot.Enterprise,
			[]string{readInc, billInc},
			[]githubsim.Budget{{Scope: "enterprise", Stops: true}, {Scope: "user", User: "octo"}, {Scope: "enterprise", Product: "actions"}},
			"", 0,
			map[verify.CheckID]found{"teams": ok("user-teams report"), "organizations": ok("octo-platform, and 1 cost center."), "budgets": ok("2 budgets for AI credits. 1 of them stops"), "billing": ok("can be shown")},
		},
		"an enterprise whose budgets stop nothing": {
			copilot.Enterprise,
			[]string{readInc, billInc},
			[]githubsim.Budget{{Scope: "enterprise"}},
			"", 0,
			map[verify.CheckID]found{"budgets": ok("1 budget for AI credits, and none stops spending")},
		},
		"an enterprise without the right to its bill": {
			copilot.Enterprise,
			[]string{readInc},
			nil, "", 0,
			map[verify.CheckID]found{"teams": ok("user-teams report"), "organizations": refused("billed AI credits", billInc), "budgets": refused("budgets", billInc)},
		},
		"teams refused": {
			copilot.Organization,
			[]string{readOrg, billOrg},
			nil, "/user-teams-1-day", http.StatusForbidden,
			map[verify.CheckID]found{"teams": {skip, "refused", "People then count in the team that gave them the seat."}, "budgets": ok("")},
		},
		"no teams yet": {
			copilot.Organization,
			[]string{readOrg, billOrg},
			nil, "/user-teams-1-day", http.StatusNoContent,
			map[verify.CheckID]found{"teams": ok("none for the newest day yet")},
		},
		"cost centers refused": {
			copilot.Enterprise,
			[]string{readInc, billInc},
			nil, "/cost-centers", http.StatusForbidden,
			map[verify.CheckID]found{"organizations": {skip, "refused", "It stays unknown what each of them is billed."}, "budgets": ok("")},
		},
		"an organization's part refused": {
			copilot.Enterprise,
			[]string{readInc, billInc},
			nil, "organization=octo-platform", http.StatusForbidden,
			map[verify.CheckID]found{"organizations": {skip, "refused", "Of the organization octo-platform: "}, "billing": ok("")},
		},
		"budgets in trouble": {
			copilot.Organization,
			[]string{readOrg, billOrg},
			nil, "/budgets", http.StatusBadGateway,
			map[verify.CheckID]found{"budgets": {warn, "github_unreachable", "could not be read"}, "teams": ok("")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := octo()
			account.Kind, account.Budgets, account.Tokens[0].Scopes = githubsim.Kind(test.scope), test.budgets, test.scopes
			account.CostCenters = []githubsim.CostCenter{{ID: "1", Name: "R&D"}}
			w := newWorld(t, account)
			w.github.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
				if test.refuse == "" || !strings.Contains(r.URL.String(), test.refuse) {
					return false
				}
				rw.WriteHeader(test.status)
				if test.status == http.StatusForbidden {
					_, _ = rw.Write([]byte(`{"message":"No."}`))
				}
				return true
			})
			result := w.verify(test.scope, "octo", classic)
			if !result.OK {
				t.Errorf("Verify fails: %v", statuses(result))
			}
			for _, check := range result.Checks {
				want, asked := test.want[check.ID]
				if !asked {
					continue
				}
				says, cure, _ := strings.Cut(want.says, "|")
				text := check.Title + " " + check.Detail
				if check.Status != want.status || check.Code != want.code || !strings.Contains(text, says) || (check.Remedy == nil) != (want.status == pass) ||
					cure != "" && !strings.Contains(*check.Remedy, cure) {
					t.Errorf("%s is %s (%s): %s", check.ID, check.Status, check.Code, text)
				}
				held := result.Capabilities.Of(access.Capability(check.ID))
				if (check.ID == "teams" || check.ID == "budgets" || check.ID == "billing") && (held == access.OK) != (want.status == pass) {
					t.Errorf("the capability of %s is %s", check.ID, held)
				}
			}
		})
	}
}

func TestThePreviewShowsUsedAndIncludedCreditsAndTheSeatPrice(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Spending = 100
	account.Tokens[0].Scopes = []string{"read:org", "manage_billing:copilot"}
	preview := newWorld(t, account).verify(copilot.Organization, "octo", classic).Preview
	credits := preview.Credits
	if credits.Month != "2026-11" || credits.Used == nil || *credits.Used == 0 || credits.Billed == nil || credits.Billed.Cents == 0 {
		t.Errorf("credits: %+v", credits)
	}
	if seats := int64(preview.Seats.Total); credits.Included == nil || *credits.Included != 1900*seats || preview.Seats.PricePerSeat.Amount() != "19.00" || preview.Seats.MonthlyCost.Cents != 1900*seats {
		t.Errorf("credits of %d seats at %v each: %+v", seats, preview.Seats.PricePerSeat, credits)
	}
	account.Tokens[0].Scopes = []string{"read:org"}
	preview = newWorld(t, account).verify(copilot.Organization, "octo", classic).Preview
	if credits := preview.Credits; credits.Used != nil || credits.Billed != nil || credits.Included == nil {
		t.Errorf("without the bill: %+v", credits)
	}
}
