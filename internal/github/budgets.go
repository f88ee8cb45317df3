package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// maxBudgetPages bounds the pages of budgets. GitHub gives ten budgets at once, in newer versions up to a hundred.
const maxBudgetPages = 20

// budget is GitHub's budget. Each field is read by itself: a budget of an unforeseen kind is still one.
type budget struct {
	ID       json.RawMessage `json:"id"`
	Product  json.RawMessage `json:"budget_product_sku"`
	Products json.RawMessage `json:"budget_product_skus"`
	Scope    json.RawMessage `json:"budget_scope"`
	Entity   json.RawMessage `json:"budget_entity_name"`
	User     json.RawMessage `json:"user"`
	Amount   json.RawMessage `json:"budget_amount"`
	Stops    json.RawMessage `json:"prevent_further_usage"`
	Alerting json.RawMessage `json:"budget_alerting"`
}

// Budgets lists the account's budgets for AI credits. All pages are read, or the list is nil.
func (c *Client) Budgets(ctx context.Context, account copilot.Account) ([]cost.Budget, error) {
	const op = "list budgets"
	budgets := []cost.Budget{}
	known := map[string]bool{}
	for page := 1; ; page++ {
		var list struct {
			Budgets *[]budget `json:"budgets"`
			More    bool      `json:"has_next_page"`
		}
		_, err := c.getJSON(ctx, op, fmt.Sprintf("%sbudgets?per_page=100&page=%d", billing(account), page), &list)
		switch {
		case err != nil:
			return nil, err
		case list.Budgets == nil:
			return nil, unexpected(op, "its answer holds no budgets")
		case list.More && len(*list.Budgets) == 0:
			return nil, unexpected(op, fmt.Sprintf("page %d lists no budget, and announces more", page))
		}
		for i := range *list.Budgets {
			b := &(*list.Budgets)[i]
			id := string(b.ID)
			if b.ofCredits() && (id == "" || !known[id]) { // a budget that is added meanwhile moves others to the next page
				known[id] = true
				budgets = append(budgets, b.read(c))
			}
		}
		switch {
		case !list.More:
			return budgets, nil
		case page == maxBudgetPages:
			return nil, &fault.Error{Code: fault.TooMany, Op: op}
		}
	}
}

// ofCredits reports whether the budget limits AI credits, and nothing else.
func (b *budget) ofCredits() bool {
	products := append(value[[]string](b.Products), value[string](b.Product))
	products = slices.DeleteFunc(products, func(product string) bool { return product == "" })
	return len(products) > 0 && !slices.ContainsFunc(products, func(product string) bool {
		return !strings.Contains(strings.ToLower(product), "ai_credit")
	})
}

func (b *budget) read(c *Client) cost.Budget {
	scope, name, user := value[string](b.Scope), value[string](b.Entity), value[string](b.User)
	return cost.Budget{
		Scope: c.quote(scope), Name: c.quote(cmp.Or(user, name)), Person: user != "" || scope == "user",
		Amount: optional[money.Decimal](b.Amount), Stops: optional[bool](b.Stops),
		Alerting: optional[bool](value[struct {
			Will json.RawMessage `json:"will_alert"`
		}](b.Alerting).Will),
	}
}
