package main

import (
	"encoding/json"
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/page"
)

// shownTenant is the tenant whose connectors the page shows. The printed commands use it too.
const shownTenant = "demo"

// withPage adds the page to the API, and the list of accounts to try if GitHub is simulated, at gitHubURL.
func withPage(api http.Handler, simulated []githubsim.Scenario, gitHubURL string) (http.Handler, error) {
	settings := page.Settings{Tenant: shownTenant}
	if simulated != nil {
		settings.SimulatedGitHub = gitHubURL
	}
	files, err := page.Handler(settings)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle("GET /{$}", files)
	mux.Handle("GET /page/", files)
	mux.Handle("/local/simulated-accounts", only(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { listAccounts(w, simulated) }))
	mux.Handle("/local/simulated-apps", only(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { listApps(w, simulated != nil) }))
	return mux, nil
}

// simulatedAccount is an account in that list. Its token works only in the simulation.
type simulatedAccount struct {
	Name  string `json:"name"`
	Shows string `json:"shows"`
	Scope string `json:"scope"`
	Slug  string `json:"slug"`
	Host  string `json:"host"`
	Token string `json:"token"`
}

// listAccounts answers with the simulated accounts. The list is empty if the program uses the real GitHub.
func listAccounts(w http.ResponseWriter, simulated []githubsim.Scenario) {
	list := make([]simulatedAccount, 0, len(simulated))
	for _, s := range simulated {
		list = append(list, simulatedAccount{Name: s.Name, Shows: s.Shows, Scope: s.Scope, Slug: s.Slug, Host: s.Host, Token: s.Token})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(list)
}

// simulatedApp is an account to try with a GitHub App. The key works only in the simulation.
type simulatedApp struct {
	Name  string            `json:"name"`
	Shows string            `json:"shows"`
	Scope string            `json:"scope"`
	Slug  string            `json:"slug"`
	App   map[string]string `json:"app"`
}

// listApps answers with the simulated GitHub Apps. The list is empty if the program uses the real GitHub. Keys have line breaks, which
// edge.WriteJSON would replace.
func listApps(w http.ResponseWriter, simulated bool) {
	list := []simulatedApp{}
	if simulated {
		for _, s := range githubsim.AppScenarios() {
			list = append(list, simulatedApp{s.Name, s.Shows, s.Scope, s.Slug, map[string]string{"clientId": s.ClientID, "privateKey": s.PrivateKey}})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(list)
}
