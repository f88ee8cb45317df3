package main

import (
	"encoding/json"
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/page"
)

// shownTenant is whose connectors the page shows, as in the lines that are printed.
const shownTenant = "demo"

// withPage puts the page beside the API and, where GitHub is simulated, the accounts that it offers to try.
func withPage(api http.Handler, simulated []githubsim.Scenario) (http.Handler, error) {
	files, err := page.Handler(page.Settings{Tenant: shownTenant})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle("GET /{$}", files)
	mux.Handle("GET /page/", files)
	mux.Handle("/local/simulated-accounts", only(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { listAccounts(w, simulated) }))
	return mux, nil
}

// simulatedAccount is one as the page offers it. Its token opens nothing but the simulation.
type simulatedAccount struct {
	Name  string `json:"name"`
	Shows string `json:"shows"`
	Scope string `json:"scope"`
	Slug  string `json:"slug"`
	Host  string `json:"host"`
	Token string `json:"token"`
}

// listAccounts answers with an empty list where GitHub is the real one.
func listAccounts(w http.ResponseWriter, simulated []githubsim.Scenario) {
	list := make([]simulatedAccount, 0, len(simulated))
	for _, s := range simulated {
		list = append(list, simulatedAccount{Name: s.Name, Shows: s.Shows, Scope: s.Scope, Slug: s.Slug, Host: s.Host, Token: s.Token})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(list)
}
