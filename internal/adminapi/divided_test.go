//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// octoInc returns a small enterprise that uses more credits than its seats include. Three organizations grant seats; billing does
// not show one of them.
func octoInc() githubsim.Account {
	account := octo()
	account.Kind, account.Slug, account.Plan, account.FirstDay, account.Seats = githubsim.Enterprise, "octo-inc", githubsim.PlanBusiness, "2026-11-12", 14
	account.Spending = 100
	account.Tokens[0].Scopes = []string{"read:enterprise", "manage_billing:enterprise"}
	account.RefusedOrganizations = []string{"octo-inc-partners"}
	account.CostCenters = []githubsim.CostCenter{{ID: "cc-1", Name: "Research", Organizations: []string{"octo-inc-apps"}}, {ID: "cc-2", Name: "Sales", Deleted: true}}
	for range 9 {
		account.Budgets = append(account.Budgets, githubsim.Budget{Scope: "enterprise", Entity: "octo-inc", Product: "actions", Amount: 5})
	}
	account.Budgets = append(account.Budgets,
		githubsim.Budget{Scope: "enterprise", Entity: "octo-inc", Amount: 500, Alerts: true}, githubsim.Budget{Scope: "cost_center", Entity: "cc-1", Amount: 99.5},
		githubsim.Budget{Scope: "organization", Entity: "octo-inc-partners", Amount: 10}, githubsim.Budget{Scope: "user", User: "octo-dev-001", Amount: 3})
	return account
}

// dividedCost has the fields of the cost answer that say who pays.
type dividedCost struct {
	SeatCost       *money
	Credits        struct{ Billed *money }
	TotalSpend     *money
	ByOrganization []struct {
		Organization                        *string
		SeatCost, CreditsBilled, TotalSpend *money
		CreditsUsed                         *float64
	}
	ByCostCenter []struct {
		CostCenter    *string
		CreditsBilled *money
	}
	Budgets []struct {
		Scope           string
		Name            *string
		Amount, Spent   *money
		Alerting, Stops *bool
	}
	Warnings []string
	Reasons  map[string]string
}

func (a *app) divided(path string) dividedCost {
	a.t.Helper()
	got := a.send(http.MethodGet, path+"/cost", "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	m := decode[dividedCost](a.t, got)
	var seats, billed, total, centers int64
	for _, row := range m.ByOrganization {
		seats, billed, total = seats+cents(row.SeatCost), billed+cents(row.CreditsBilled), total+cents(row.TotalSpend)
	}
	for _, row := range m.ByCostCenter {
		centers += cents(row.CreditsBilled)
	}
	if seats != cents(m.SeatCost) || billed != cents(m.Credits.Billed) || total != cents(m.TotalSpend) || m.ByCostCenter != nil && centers != billed {
		a.t.Errorf("the rows do not add up: seats %d, billed %d, in all %d, cost centers %d of %s", seats, billed, total, centers, got.body)
	}
	return m
}

// cents returns the amount in cents, or 0 if it is unknown.
func cents(m *money) int64 {
	if m == nil {
		return 0
	}
	amount, _ := strconv.ParseInt(strings.Replace(m.Amount, ".", "", 1), 10, 64)
	return amount
}

func (m *dividedCost) rows() (rows []string) {
	for _, row := range m.ByOrganization {
		rows = append(rows, fmt.Sprint(orNone(row.Organization), " ", cents(row.SeatCost) > 0, row.CreditsUsed != nil, row.CreditsBilled != nil))
	}
	for _, row := range m.ByCostCenter {
		rows = append(rows, fmt.Sprint(orNone(row.CostCenter), " ", cents(row.CreditsBilled) > 0))
	}
	return rows
}

func orNone(name *string) string {
	if name == nil {
		return "none"
	}
	return *name
}

func TestAnEnterprisesCostIsDividedByOrganizationAndCostCenter(t *testing.T) {
	t.Parallel()
	a := start(t, octoInc())
	saved := a.save(form(canary, "enterprise", "octo-inc"))
	a.drain()
	path := saved.header.Get("Location")
	m := a.divided(path)
	if diff := cmp.Diff([]string{
		"octo-inc-apps true true true", "octo-inc-partners true false false", "octo-inc-platform true true true", "none false true true",
		"Research true", "Sales false", "none true",
	}, m.rows()); diff != "" {
		t.Errorf("cost by part (-want +got):\n%s", diff)
	}
	if why := m.Reasons["byOrganization"]; !strings.Contains(why, "octo-inc-partners") {
		t.Errorf("the reason for the organizations is %q", why)
	}
	var budgets []string
	for _, b := range m.Budgets {
		budgets = append(budgets, fmt.Sprint(b.Scope, " ", orNone(b.Name), " ", b.Amount.Amount, " ", b.Spent != nil, *b.Alerting, *b.Stops))
	}
	if diff := cmp.Diff([]string{
		"enterprise octo-inc 500.00 true true false", "cost_center Research 99.50 true false false",
		"organization octo-inc-partners 10.00 false false false", "user octo-dev-001 3.00 false false false",
	}, budgets); diff != "" || len(m.Warnings) != 1 {
		t.Errorf("with the warnings %q, budgets (-want +got):\n%s", m.Warnings, diff)
	}

	// Data that a later poll cannot read stays, and the poll names the cause.
	for _, test := range []struct{ path, tells string }{
		{"/ai_credit/usage", "organizations and cost centers could not be read"}, {"/cost-centers", "cost centers could not be read"}, {"/budgets", "budgets could not be read"},
	} {
		a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			whole := strings.HasSuffix(r.URL.Path, "/usage") && !strings.Contains(r.URL.RawQuery, "organization=")
			if !strings.HasSuffix(r.URL.Path, "/settings/billing"+test.path) || whole {
				return false
			}
			w.WriteHeader(http.StatusBadGateway)
			return true
		})
		a.pollAt(path, a.Now())
		again := a.divided(path)
		c := decode[connectorAnswer](t, a.send(http.MethodGet, path, ""))
		if diff := cmp.Diff(m, again); diff != "" || c.Status != "degraded" || !strings.Contains(*c.StatusReason, test.tells) {
			t.Errorf("without %s the connector is %s (%v); cost by part (-before +after):\n%s", test.path, c.Status, c.StatusReason, diff)
		}
	}
	a.github.Intercept(nil)
	a.github.Change(githubsim.Enterprise, "octo-inc", func(account *githubsim.Account) {
		account.Budgets, account.RefusedOrganizations = nil, []string{"octo-inc-apps"}
	})
	a.pollAt(path, a.Now())
	m = a.divided(path)
	if diff := cmp.Diff([]string{
		"octo-inc-apps true true true", "octo-inc-partners true true true", "octo-inc-platform true true true", "none false true true",
		"Research true", "Sales false", "none true",
	}, m.rows()); diff != "" || decode[connectorAnswer](t, a.send(http.MethodGet, path, "")).Status != "active" {
		t.Errorf("after a second refusal (-want +got):\n%s", diff)
	}
	if why := m.Reasons["byOrganization"]; !strings.Contains(why, "octo-inc-apps (of 22 November 2026) any more") || len(m.Warnings) != 1 || m.Budgets == nil || len(m.Budgets) != 0 {
		t.Errorf("the reason is %q, the warnings are %q, the budgets %v", why, m.Warnings, m.Budgets)
	}
}

// GitHub may answer with the whole bill for each part. The connector must not believe that.
func TestPartsThatExceedTheWholeBillAreRefused(t *testing.T) {
	t.Parallel()
	a := start(t, octoInc())
	b := a.bill()
	b.says(0, credited("GPT-5", 2000, 3))
	saved := a.save(form(canary, "enterprise", "octo-inc"))
	a.drain()
	path := saved.header.Get("Location")
	m, c := a.divided(path), decode[connectorAnswer](t, a.send(http.MethodGet, path, ""))
	if diff := cmp.Diff([]string{"octo-inc-apps true false false", "octo-inc-partners true false false", "octo-inc-platform true false false", "none false true true"}, m.rows()); diff != "" {
		t.Errorf("cost by part (-want +got):\n%s", diff)
	}
	if c.Status != "degraded" && c.Status != "backfilling" || c.StatusReason == nil || !strings.Contains(*c.StatusReason, "its parts are more than the whole") {
		t.Errorf("the connector is %s: %v", c.Status, c.StatusReason)
	}
}
