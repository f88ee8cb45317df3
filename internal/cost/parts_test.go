package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// divided returns the november of an enterprise. One person holds seats through two organizations; one seat names no
// organization.
func divided() cost.Facts {
	f := november()
	f.Scope = copilot.Enterprise
	holds := func(id int64, organization string, plan copilot.Plan) seat.Seat {
		return seat.Seat{UserID: person(id), Organization: organization, Plan: plan, CreatedAt: daysAgo(400)}
	}
	f.Seats = cost.SeatDaysOf(f.Period, cost.DaySeats{Date: f.Period.To, Seats: []seat.Seat{
		holds(1, "zeta", copilot.PlanBusiness), holds(1, "Alpha", copilot.PlanBusiness), // if the plans are equal, the first organization by name counts
		holds(2, "Alpha", copilot.PlanBusiness), holds(2, "zeta", copilot.PlanEnterprise), // the higher plan counts
		holds(3, "", copilot.PlanBusiness), holds(4, "closed", copilot.PlanBusiness),
	}})
	bill := func(id, name, credits, net, amount string) cost.PartBill {
		return cost.PartBill{ID: id, Name: name, ReadAt: now, Credits: decimal(credits), NetCredits: decimal(net), NetAmount: decimal(amount)}
	}
	f.Parts.Organizations = &cost.Split{ReadAt: now, Bills: []cost.PartBill{
		bill("", "alpha", "900", "33.35", "0.3335"), bill("", "zeta", "500", "33.35", "0.3335"), {Name: "closed", Refused: fault.NotPrivileged},
	}}
	f.Parts.CostCenters = &cost.Split{ReadAt: now, Bills: []cost.PartBill{
		bill("c1", "Research", "900", "60", "0.60"), bill("c2", "research", "100", "10", "0.10"), bill("c3", "Sales", "0", "0", "0"),
	}}
	return f
}

func TestAnEnterprisesMonthIsDividedByOrganizationAndCostCenter(t *testing.T) {
	t.Parallel()
	m := divided().Month()
	var rows []string
	for _, row := range m.ByOrganization {
		rows = append(rows, fmt.Sprint(shown(row.Organization), " ", row.SeatCost, " ", shown(row.CreditsUsed), " ", row.CreditsBilled, " ", row.TotalSpend))
	}
	if diff := cmp.Diff([]string{
		"Alpha 13.94 USD 900000000 0.34 USD 14.28 USD", "closed 13.93 USD - <nil> 13.93 USD", "zeta 28.60 USD 500000000 0.33 USD 28.93 USD",
		"- 13.93 USD 600000000 0.33 USD 14.26 USD",
	}, rows); diff != "" {
		t.Errorf("by organization (-want +got):\n%s", diff)
	}
	rows = nil
	for _, row := range m.ByCostCenter {
		rows = append(rows, fmt.Sprint(shown(row.CostCenter), " ", row.CreditsBilled))
	}
	if diff := cmp.Diff([]string{"Research 0.70 USD", "Sales 0.00 USD", "- 0.30 USD"}, rows); diff != "" {
		t.Errorf("by cost center (-want +got):\n%s", diff)
	}
	if why := m.Reasons["byOrganization"]; why != "This token may not read the bills of closed: what is billed to them is in the row without a name." {
		t.Errorf("the reason for the organizations is %q", why)
	}
	if why, told := m.Reasons["byCostCenter"]; told {
		t.Errorf("the reason for the cost centers is %q", why)
	}
}

func shown[T any](value *T) string {
	if value == nil {
		return "-"
	}
	return fmt.Sprint(*value)
}

// Whatever the parts are, and whichever of them are known, the rows must add up to the whole.
func TestOrganizationsAndCostCentersAddUpToTheWholeToTheCent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := divided()
		f.Bill = drawBill(t)
		f.Prices = f.Prices.With(money.Agreed{Currency: rapid.SampledFrom([]string{"USD", "EUR"}).Draw(t, "currency"), Credit: new(money.Hundredths(3))})
		for _, split := range []*cost.Split{f.Parts.Organizations, f.Parts.CostCenters} {
			for i := range split.Bills {
				if bill := &split.Bills[i]; rapid.Bool().Draw(t, "known") {
					bill.NetCredits, bill.NetAmount = new(odd.Draw(t, "credits")), new(odd.Draw(t, "amount"))
				} else {
					bill.NetCredits, bill.NetAmount = nil, nil
				}
			}
		}
		m := f.Month()
		if m.Credits.Billed == nil {
			return
		}
		var billed, centers, total int64
		for _, row := range m.ByOrganization {
			if row.CreditsBilled != nil {
				billed += row.CreditsBilled.Cents
			}
			if row.TotalSpend != nil {
				total += row.TotalSpend.Cents
			}
		}
		for _, row := range m.ByCostCenter {
			if row.CreditsBilled != nil {
				centers += row.CreditsBilled.Cents
			}
		}
		if want := m.Credits.Billed.Cents; billed != want || centers != want || total != m.TotalSpend.Cents {
			t.Errorf("%d cents are billed; organizations add up to %d and cost centers to %d; the total is %s, the organizations' totals %d", want, billed, centers, m.TotalSpend, total)
		}
	})
}

func TestAnUnknownPartOfTheDivisionHasItsReason(t *testing.T) {
	t.Parallel()
	const notRead = " were not read. Where a poll fails to, lastPoll of the connector says why, and the next poll tries again."
	denied := access.Capabilities{Billing: access.OK, CostCenters: access.Denied, Budgets: access.Denied}
	for _, test := range []struct {
		name, figure, why string
		change            func(f *cost.Facts)
	}{
		{"an organization", "byOrganization", "Only an enterprise is divided into organizations.", func(f *cost.Facts) { f.Scope = copilot.Organization }},
		{"an organization", "byCostCenter", "Only an enterprise has cost centers.", func(f *cost.Facts) { f.Scope = copilot.Organization }},
		{"nothing read", "byOrganization", "The bills of the organizations" + notRead, func(f *cost.Facts) { f.Parts = cost.Parts{} }},
		{"nothing read", "byCostCenter", "The cost centers" + notRead, func(f *cost.Facts) { f.Parts = cost.Parts{} }},
		{"nothing read", "budgets", "The budgets" + notRead, func(f *cost.Facts) { f.Parts = cost.Parts{} }},
		{"no bill", "byOrganization", "GitHub's bill of the month was not read.", func(f *cost.Facts) { f.Bill, f.Parts = nil, cost.Parts{} }},
		{"no bill", "byCostCenter", "GitHub's bill of the month was not read.", func(f *cost.Facts) { f.Bill, f.Parts = nil, cost.Parts{} }},
		{
			"refused", "byCostCenter", "Not available to this token: GitHub does not show it the cost centers. That takes a classic personal access token " +
				"of an owner or billing manager with the scope manage_billing:enterprise, which could also change billing.",
			func(f *cost.Facts) { f.Parts, f.Reads = cost.Parts{}, denied },
		},
		{
			"refused", "budgets", "Not available to this token: GitHub does not show it the budgets. That takes a classic personal access token " +
				"of an owner or billing manager with the scope manage_billing:enterprise, which could also change billing.",
			func(f *cost.Facts) { f.Parts, f.Reads = cost.Parts{}, denied },
		},
		{
			"a month that is over", "budgets", "GitHub tells budgets only as they are now, and in this month they were not read.",
			func(f *cost.Facts) { f.Parts, f.Period.Over = cost.Parts{}, true },
		},
		{
			"read days ago", "byCostCenter", "As of 17 November 2026, when the bills of the cost centers were read last.",
			func(f *cost.Facts) { f.Parts.CostCenters.ReadAt = *daysAgo(5) },
		},
		{
			"refused since", "byOrganization", "GitHub does not show the bills of closed (of 17 November 2026) any more: what was read of them before stands.",
			func(f *cost.Facts) { f.Parts.Organizations.Bills[2].ReadAt = *daysAgo(5) },
		},
		{
			"unknown to GitHub", "byOrganization", "GitHub finds no bills of closed: what is billed to them is in the row without a name.",
			func(f *cost.Facts) { f.Parts.Organizations.Bills[2].Refused = fault.NotFound },
		},
		{
			"more than a poll asks for", "byCostCenter", "A poll asks for the bills of 250 cost centers. What is billed to 7 more is in the row without a name.",
			func(f *cost.Facts) { f.Parts.CostCenters.NotAsked = 7 },
		},
	} {
		t.Run(test.name+" "+test.figure, func(t *testing.T) {
			t.Parallel()
			f := divided()
			test.change(&f)
			if why := f.Month().Reasons[test.figure]; why != test.why {
				t.Errorf("%s:\n got %q\nwant %q", test.figure, why, test.why)
			}
		})
	}
}

func TestABudgetShowsItsSpendingAndWhetherItStops(t *testing.T) {
	t.Parallel()
	budget := func(scope, name string, stops *bool) cost.Budget {
		return cost.Budget{Scope: scope, Name: name, Amount: decimal("500"), Alerting: new(true), Stops: stops}
	}
	all := []cost.Budget{
		budget("enterprise", "acme", new(false)), budget("organization", "ALPHA", new(false)), budget("organization", "closed", new(false)),
		budget("cost_center", "c1", new(false)), budget("cost_center", "Sales", new(false)), budget("user", "octo", new(false)), budget("multi_user_customer", "", new(false)),
	}
	f := divided()
	f.Prices.Currency = "EUR" // a budget stays in dollars
	f.Parts.Budgets.List = all
	m := f.Month()
	var rows []string
	for _, row := range m.Budgets {
		rows = append(rows, fmt.Sprint(row.Scope, " ", shown(row.Name), " ", row.Amount, " ", row.Spent, " ", shown(row.Alerting), " ", shown(row.Stops)))
	}
	if diff := cmp.Diff([]string{
		"enterprise acme 500.00 USD 1.00 USD true false", "organization alpha 500.00 USD 0.33 USD true false", "organization closed 500.00 USD <nil> true false",
		"cost_center Research 500.00 USD 0.60 USD true false", "cost_center Sales 500.00 USD 0.00 USD true false", "user octo 500.00 USD <nil> true false",
		"multi_user_customer - 500.00 USD <nil> true false",
	}, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct {
		budgets []cost.Budget
		warning string
	}{
		"none":            {nil, "No budget limits AI credits"},
		"none that stops": {all, "No budget stops spending beyond the pool"},
		"one stops":       {append(all[:1:1], budget("cost_center", "c1", new(true))), ""},
		"one may stop":    {[]cost.Budget{budget("enterprise", "acme", nil)}, ""},
	} {
		f.Parts.Budgets.List = test.budgets
		if got := f.Month().Warnings; len(got) != min(1, len(test.warning)) || len(got) == 1 && !strings.HasPrefix(got[0], test.warning) {
			t.Errorf("%s: the warnings are %q", name, got)
		}
	}
}

func TestSmallOrganizationsAreMergedWherePeopleAreHidden(t *testing.T) {
	t.Parallel()
	f := divided()
	f.SmallestGroup = 2 // each organization has one person with a seat
	f.Parts.Budgets = &cost.Budgets{ReadAt: now, List: []cost.Budget{{Scope: "user", Name: "octo", Person: true, UserID: 1}, {Scope: "organization", Name: "alpha"}}}
	f.Parts.Budgets, _ = f.Parts.Budgets.Renamed(func(cost.Budget) string { return "" })
	m := f.Month()
	if len(m.ByOrganization) != 1 || *m.ByOrganization[0].CreditsBilled != *m.Credits.Billed || *m.ByOrganization[0].SeatCost != *m.SeatCost {
		t.Errorf("by organization: %+v", m.ByOrganization)
	}
	if why := m.Reasons["byCostCenter"]; m.ByCostCenter != nil || why != "People are hidden here, and GitHub does not tell how many belong to a cost center." {
		t.Errorf("by cost center: %+v, with the reason %q", m.ByCostCenter, why)
	}
	if user, organization := m.Budgets[0], m.Budgets[1]; user.Name != nil || organization.Spent != nil {
		t.Errorf("budgets: %+v, %+v", user, organization)
	}
}
