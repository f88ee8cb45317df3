//go:build !race

package adminapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestARefusedBillIsUnknownAndSaysWhichRightItNeeds(t *testing.T) {
	t.Parallel()
	const fineGrained = "github_pat_11AAAAAAA0billingMayNotBeRead0000"
	for _, test := range []struct {
		name, scope, opens string
		token              githubsim.Token
		status             int // status of GitHub's answer; 0: GitHub decides by the token
	}{
		{"a classic token without the scope", "organization", "the scope manage_billing:copilot", githubsim.Token{Value: canary, Scopes: []string{"read:org"}}, 0},
		{
			"a fine-grained token without the permission", "organization", `the organization permission "Administration: read"`,
			githubsim.Token{Value: fineGrained, Permissions: []string{githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats, githubsim.PermissionMembers}},
			0,
		},
		{"an enterprise's token without the scope", "enterprise", "the scope manage_billing:enterprise", githubsim.Token{Value: canary, Scopes: []string{"read:enterprise"}}, 0},
		{"an organization whose enterprise gets the bill", "organization", "billed through an enterprise", githubsim.Token{Value: canary, Scopes: []string{"read:org", "manage_billing:copilot"}}, http.StatusNotFound},
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
				t.Fatalf("got %d %s, want 201", saved.status, saved.body)
			}
			a.drain()
			month := a.cost(saved.header.Get("Location") + "/cost")
			a.checkSums(month)
			if month.Credits.Billed != nil || month.BySKU != nil || month.ByModel.Basis == "dollars" || month.Projected.Billed != nil || !month.TotalSpend.Estimated {
				t.Errorf("got %+v", month)
			}
			for _, figure := range []string{"credits.billed", "bySku"} {
				if why := month.Reasons[figure]; !strings.HasPrefix(why, "Not available") || !strings.Contains(why, test.opens) {
					t.Errorf("the reason why %s is unknown is %q", figure, why)
				}
			}
		})
	}
}

func TestABillThatStoppedBeingReadSaysSinceWhen(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	b := a.bill()
	a.Set(at(12, 1))
	b.says(0, credited("GPT-5", 2000, 3))
	path := a.saved()
	november := path + "/cost?month=2026-11"
	for _, test := range []struct {
		name   string
		at     time.Time
		status int
		net    float64
		path   string
		billed money
		asOf   time.Time
		says   []string
	}{
		{"the month is over, and its bill not final", at(12, 2), 0, 3, november, money{"3.00", "USD", true}, at(12, 2), []string{"2 December 2026", "6 December"}},
		{"refused", at(12, 3), 403, 0, november, money{"3.00", "USD", true}, at(12, 2), []string{"2 December 2026", "manage_billing:copilot"}},
		{"refused in the current month", at(12, 3), 403, 0, path + "/cost", money{"3.00", "USD", true}, at(12, 2), []string{"2 December 2026", "manage_billing:copilot"}},
		{"not found", at(12, 4), 404, 0, path + "/cost", money{"3.00", "USD", true}, at(12, 2), []string{"2 December 2026", "billed through an enterprise"}},
		{"fails for a day", at(12, 4), 500, 0, path + "/cost", money{"3.00", "USD", true}, at(12, 2), []string{"2 December 2026"}},
		{"read again long after it was final", at(12, 20), 0, 9, november, money{"9.00", "USD", false}, at(12, 20), nil},
		{"the current month", at(12, 20), 0, 9, path + "/cost", money{"9.00", "USD", false}, at(12, 20), nil},
		{"refused after it was final", at(12, 21), 403, 0, november, money{"9.00", "USD", false}, at(12, 20), nil},
	} {
		b.says(test.status, credited("GPT-5", 2000, test.net))
		a.pollAt(path, test.at)
		month := a.cost(test.path)
		a.checkSums(month)
		if month.Credits.Billed == nil || *month.Credits.Billed != test.billed || month.Credits.BilledAsOf == nil || !month.Credits.BilledAsOf.Equal(test.asOf) {
			t.Errorf("%s: billed is %v, as of %v", test.name, month.Credits.Billed, month.Credits.BilledAsOf)
		}
		if month.ByModel.Rows[0].Billed.Estimated != test.billed.Estimated || month.BySKU[0].GrossValue.Estimated != test.billed.Estimated {
			t.Errorf("%s: the models and SKUs are %+v and %+v", test.name, month.ByModel.Rows, month.BySKU)
		}
		why, said := month.Reasons["credits.billed"]
		if said != (test.says != nil) {
			t.Errorf("%s: the reason is %q", test.name, why)
		}
		for _, words := range test.says {
			if !strings.Contains(why, words) {
				t.Errorf("%s: the reason %q does not say %q", test.name, why, words)
			}
		}
	}
}

func TestTheBillOfEachMonthIsReadUntilItIsFinal(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	b := a.bill()
	b.says(http.StatusForbidden)
	path := a.saved()
	for _, test := range []struct {
		name   string
		at     time.Time
		status int
		want   []string
	}{
		{"after a refusal no other bill is requested", at(11, 23), 403, []string{"2026-11"}},
		{"once it may be read, all months that GitHub can have, newest first", at(11, 24), 0, []string{
			"2026-11", "2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12",
		}},
		{"final bills are not read again", at(11, 25), 0, []string{"2026-11"}},
		{"on the first of a month, the new month too", at(12, 1), 0, []string{"2026-12", "2026-11"}},
		{"the old month is not final for five days", at(12, 5), 0, []string{"2026-12", "2026-11"}},
		{"it was not read on the day it became final", at(12, 6), 500, []string{"2026-12"}},
		{"it is read later", at(12, 24), 0, []string{"2026-12", "2026-11"}},
		{"final", at(12, 25), 0, []string{"2026-12"}},
	} {
		b.says(test.status)
		a.pollAt(path, test.at)
		asked := slices.Compact(b.months()) // transient trouble is retried at once
		if diff := cmp.Diff(test.want, asked); diff != "" {
			t.Errorf("%s: requested bills (-want +got):\n%s", test.name, diff)
		}
	}
	if month := a.cost(path + "/cost?month=2026-03"); month.Credits.Billed == nil || *month.Credits.Billed != (money{"0.00", "USD", false}) {
		t.Errorf("billed is %v", month.Credits.Billed)
	}
}

func TestABillWithAnInvalidRowIsUnknown(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	b := a.bill()
	b.says(0, credited("GPT-5", 2000, 3), `{"sku":"Copilot Sparks","model":"GPT-5","unitType":"sparks","grossQuantity":5,"grossAmount":5,"netQuantity":5,"netAmount":5}`)
	path := a.saved()
	month := a.cost(path + "/cost")
	why := month.Reasons["credits.billed"]
	if month.Credits.Billed != nil || month.BySKU != nil || !strings.Contains(why, `"Copilot Sparks"`) || !strings.Contains(why, `"sparks"`) {
		t.Errorf("billed is %v with the reason %q, want unknown", month.Credits.Billed, why)
	}
	if month.Projected.Billed != nil || month.Reasons["projected.billed"] == "" {
		t.Errorf("projected is %v with the reasons %v", month.Projected.Billed, month.Reasons)
	}
}

func TestABillWithoutRowsLeavesTheModelsThatChatReports(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.bill()
	path := a.saved()
	month := a.cost(path + "/cost")
	if month.ByModel.Basis != "interactions" || len(month.ByModel.Rows) == 0 || month.Credits.Billed == nil || *month.Credits.Billed != (money{"0.00", "USD", false}) {
		t.Errorf("got %+v", month)
	}
}

func TestABillWithCorrectionsHasNoShares(t *testing.T) { // a.cost holds the contract: each share is from 0 to 1
	a := start(t, octo())
	a.bill().says(0, credited("GPT-5", 500, 5), credited("Refund", -700, -7))
	path := a.saved()
	month := a.cost(path + "/cost")
	a.checkSums(month)
	if month.Credits.Billed == nil || month.Credits.Billed.Amount != "-2.00" || len(month.ByModel.Rows) != 2 || month.ByModel.Rows[0].Share != nil || month.BySKU[0].Share != nil {
		t.Errorf("got %+v", month)
	}
}

func TestAMonthIsNotOverOnItsLastDay(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.Set(at(11, 30))
	path := a.saved()
	if month := a.cost(path + "/cost"); month.To != "2026-11-30" || month.Projected == nil || month.Reasons["projected"] != "" {
		t.Errorf("got %+v", month)
	}
	a.Set(at(12, 1))
	if month := a.cost(path + "/cost?month=2026-11"); month.Projected != nil || month.Reasons["projected"] != "The month is over." {
		t.Errorf("got %+v", month)
	}
}
