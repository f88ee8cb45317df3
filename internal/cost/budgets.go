package cost

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Budgets holds the budgets of an account at an instant.
type Budgets struct {
	ReadAt time.Time
	List   []Budget
}

// Budget is a monthly limit for AI credits, in dollars. A nil field is not told by GitHub.
type Budget struct {
	Scope    string // GitHub's word: enterprise, organization, cost_center, repository, user and others
	Name     string // what it limits within the scope; for a cost center its id or its name
	Person   bool   // Name is the login of a person
	UserID   int64  // the id of that person; 0: unknown
	Amount   *money.Decimal
	Alerting *bool
	Stops    *bool
}

// Renamed returns the budgets with other names for people, and reports whether any name has changed. A name may become empty.
func (b *Budgets) Renamed(name func(of Budget) string) (renamed *Budgets, changed bool) {
	if b == nil {
		return nil, false
	}
	renamed = &Budgets{ReadAt: b.ReadAt, List: slices.Clone(b.List)}
	for i := range renamed.List {
		if budget := &renamed.List[i]; budget.Person {
			before := *budget
			if budget.Name = name(*budget); budget.Name == "" {
				budget.UserID = 0
			}
			changed = changed || budget.Name != before.Name
		}
	}
	return renamed, changed
}

// BudgetRow is a budget as the Admin API shows it.
type BudgetRow struct {
	Scope    string       `json:"scope"`
	Name     *string      `json:"name"`
	Amount   *money.Money `json:"amount"`
	Spent    *money.Money `json:"spent"` // in the month, beyond the pool; nil: GitHub's bill does not tell it for such a scope
	Alerting *bool        `json:"alerting"`
	Stops    *bool        `json:"stops"` // GitHub stops spending at the limit
}

// The warnings.
const (
	noBudget    = "No budget limits AI credits: nothing stops spending beyond the pool, and nobody is told of it."
	noneThatEnd = "No budget stops spending beyond the pool: GitHub bills what is used beyond each of them."
)

// budgets returns the budgets in GitHub's order, with the amounts spent, or nil if they are not known.
func (f Facts) budgets() (rows []BudgetRow, warnings []string) {
	if f.Parts.Budgets == nil {
		return nil, []string{}
	}
	rows, warnings = []BudgetRow{}, []string{}
	stops := false
	for _, budget := range f.Parts.Budgets.List {
		row := BudgetRow{Scope: budget.Scope, Alerting: budget.Alerting, Stops: budget.Stops}
		if budget.Amount != nil {
			row.Amount = dollars(budget.Amount.Rat(), false)
		}
		var name string
		if name, row.Spent = f.spentOf(budget); name != "" {
			row.Name = &name
		}
		stops = stops || budget.Stops == nil || *budget.Stops
		rows = append(rows, row)
	}
	switch {
	case len(rows) == 0:
		warnings = append(warnings, noBudget)
	case !stops:
		warnings = append(warnings, noneThatEnd)
	}
	return rows, warnings
}

// spentOf returns the name of what a budget limits, and the dollars that were spent on it.
func (f Facts) spentOf(budget Budget) (name string, spent *money.Money) {
	name = budget.Name
	var parts *Split
	switch strings.ToLower(budget.Scope) {
	case string(f.Scope):
		return name, f.netDollars()
	case "organization":
		parts = f.Parts.Organizations
	case "cost_center":
		parts = f.Parts.CostCenters
	}
	if parts == nil || name == "" || f.SmallestGroup > 0 {
		return name, nil
	}
	for _, bill := range parts.Bills {
		if bill.ID != "" && bill.ID == name || strings.EqualFold(bill.Name, name) {
			if name = bill.Name; bill.NetAmount != nil {
				spent = dollars(bill.NetAmount.Rat(), f.outdatedSince(parts.ReadAt))
			}
			break
		}
	}
	return name, spent
}

// netDollars returns the billed amount of the whole account in dollars, which may not be the currency of the prices.
func (f Facts) netDollars() *money.Money {
	f.Prices = money.ListPrices(f.Period.From)
	return f.billed()
}

func dollars(amount *big.Rat, estimated bool) *money.Money {
	return &money.Money{Cents: money.Round(money.Cents(amount)), Currency: money.GitHubCurrency, Estimated: estimated}
}
