//go:build !race

package main

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// README.md has lines for a simulated GitHub. They must work after the lines that the program prints.
func TestEveryCallInTheReadmeWorks(t *testing.T) {
	program := start(t, simulated)
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, lines, found := strings.Cut(string(readme), "```sh\nAPI=http://127.0.0.1:8080/v1/tenants/demo; LOCAL=http://127.0.0.1:8080/local\n")
	lines, _, _ = strings.Cut(lines, "```")
	if !found {
		t.Fatal("README.md has no lines to try")
	}
	scenarios := githubsim.Scenarios(time.Now())
	soonest := slices.IndexFunc(scenarios, func(s githubsim.Scenario) bool { return s.Name == "nobody active" }) // this account has the fewest days to read
	if status, body := ask(t, http.MethodPost, program.base+tenant+"/connectors", form(scenarios[soonest])); status != http.StatusCreated {
		t.Fatalf("Save got %d %s", status, body)
	}
	id, tried := "", 0
	for line := range strings.Lines(lines) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
		line = strings.NewReplacer("$API", program.base+tenant, "$LOCAL", program.base+"/local").Replace(strings.TrimSpace(line))
		if strings.HasPrefix(line, "ID=") {
			_, list := ask(t, http.MethodGet, program.base+tenant+"/connectors", "")
			id = strings.Split(string(list), `"`)[5] // the line does the same with cut
			continue
		}
		status, body, ok := program.paste(line, id)
		if !ok || status >= 300 {
			t.Errorf("%s got %d %s", line, status, body)
		}
		tried++
	}
	if tried != 16 {
		t.Errorf("%d lines were tried", tried)
	}
}

func TestEverySimulatedAccountCanBeVerified(t *testing.T) {
	program := start(t, simulated)
	_, list := ask(t, http.MethodGet, program.base+"/local/simulated-accounts", "")
	var accounts []struct{ Name, Token, Scope, Slug string }
	if err := json.Unmarshal(list, &accounts); err != nil || len(accounts) != len(githubsim.Scenarios(clock(fixed)())) {
		t.Fatalf("%d are listed, %v", len(accounts), err)
	}
	for i, account := range accounts {
		form := form(githubsim.Scenario{Token: account.Token, Scope: account.Scope, Slug: account.Slug})
		status, body := ask(t, http.MethodPost, program.base+tenant+"/verify", form)
		var result struct {
			OK     bool
			Checks []struct{ ID string }
		}
		if err := json.Unmarshal(body, &result); err != nil || status != http.StatusOK || len(result.Checks) != 14 || i == 0 && !result.OK {
			t.Errorf("Verify of %s got %d %s", account.Name, status, body)
		}
	}
}
