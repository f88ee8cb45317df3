//go:build !race

package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTheDeploymentsPricesApplyToSeats(t *testing.T) {
	_, gitHub := outsideGitHub(t, time.Now, 20)
	program := start(t, real, gitHub, `PRICES={"business":"17.50","enterprise":"17.50","currency":"EUR"}`)
	tenant := program.base + tenant
	const price = `"pricePerSeat":{"amount":"17.50","currency":"EUR","estimated":true}`
	if status, body := ask(t, http.MethodPost, tenant+"/verify", wellForm); status != http.StatusOK || !strings.Contains(string(body), price) {
		t.Errorf("Verify got %d %s", status, body)
	}
	_, saved := ask(t, http.MethodPost, tenant+"/connectors", wellForm)
	_, _ = ask(t, http.MethodPost, program.base+"/local/schedules/poll", "")
	id := strings.Split(string(saved), `"`)[3]
	if status, body := ask(t, http.MethodGet, tenant+"/connectors/"+id+"/seats", ""); status != http.StatusOK || !strings.Contains(string(body), price) {
		t.Errorf("the seats got %d %.300s", status, body)
	}
}
