package githubsim

import (
	"net/http"
	"strconv"
)

// Budget is a monthly limit that an account has set.
type Budget struct {
	Scope   string // such as enterprise, organization, cost_center or user
	Entity  string // what it limits within the scope: a name, or a cost center's id; empty for a user
	User    string // for the scope user
	Product string // empty: ai_credits
	Amount  float64
	Stops   bool // GitHub stops spending beyond it
	Alerts  bool
}

// budgetsPerPage is how many budgets GitHub returns in a page, whatever page size is requested.
const budgetsPerPage = 10

func (s *Server) budgets(w http.ResponseWriter, r *http.Request, v visit) {
	type alerting struct {
		WillAlert  bool     `json:"will_alert"`
		Recipients []string `json:"alert_recipients"`
	}
	type budget struct {
		ID       string   `json:"id"`
		Type     string   `json:"budget_type"`
		Product  string   `json:"budget_product_sku"`
		Scope    string   `json:"budget_scope"`
		Entity   string   `json:"budget_entity_name"`
		User     string   `json:"user,omitempty"`
		Amount   float64  `json:"budget_amount"`
		Stops    bool     `json:"prevent_further_usage"`
		Alerting alerting `json:"budget_alerting"`
	}
	all := v.account.Budgets
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	from := min((max(number, 1)-1)*budgetsPerPage, len(all))
	to := min(from+budgetsPerPage, len(all))
	page := []budget{}
	for i, b := range all[from:to] {
		one := budget{
			ID: strconv.FormatInt(entityID("budget/"+strconv.Itoa(from+i)), 10), Type: "BundlePricing", Product: "ai_credits",
			Scope: b.Scope, Entity: b.Entity, User: b.User, Amount: b.Amount, Stops: b.Stops, Alerting: alerting{b.Alerts, []string{}},
		}
		if b.Product != "" {
			one.Type, one.Product = "ProductPricing", b.Product
		}
		page = append(page, one)
	}
	writeJSON(w, http.StatusOK, map[string]any{"budgets": page, "has_next_page": to < len(all), "total_count": len(all)})
}
