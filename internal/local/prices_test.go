package main

import (
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestPricesOfTheDeploymentAreWhatSeatsCost(t *testing.T) {
	program := start(t, simulated, `PRICES={"business":"17.50","enterprise":"17.50","currency":"EUR"}`, "NOW=2026-11-22T09:00:00Z")
	healthy := githubsim.Scenarios(fixed)[0]
	tenant := program.base + "/v1/tenants/demo"
	const price = `"pricePerSeat":{"amount":"17.50","currency":"EUR","estimated":true}`
	if status, body := ask(t, http.MethodPost, tenant+"/verify", form(healthy)); status != http.StatusOK || !strings.Contains(string(body), price) {
		t.Errorf("Verify got %d %s", status, body)
	}
	_, saved := ask(t, http.MethodPost, tenant+"/connectors", form(healthy))
	_, _ = ask(t, http.MethodPost, program.base+"/local/schedules/poll", "")
	id := strings.Split(string(saved), `"`)[3]
	if status, body := ask(t, http.MethodGet, tenant+"/connectors/"+id+"/seats", ""); status != http.StatusOK || !strings.Contains(string(body), price) {
		t.Errorf("the seats got %d %.300s", status, body)
	}
}
