package adminapi_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

var update = flag.Bool("update", false, "write the golden files anew")

// isAsWritten compares a verification with its golden file.
func isAsWritten(t *testing.T, golden string, got answer) {
	t.Helper()
	testworld.Golden(t, golden, readable(got), *update)
	checkShape(t, got)
}

// apiHost matches the address of the simulated GitHub.
var apiHost = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// address matches an address in a sentence.
var address = regexp.MustCompile(`https?://[^\s,;)"]*[^\s,;)".:]`)

// checkShape checks rules that hold for every verification.
func checkShape(t *testing.T, got answer) {
	t.Helper()
	failed := false
	for _, c := range got.Checks {
		spoken, linked := map[string]bool{}, map[string]bool{}
		if c.Remedy != nil {
			for _, url := range address.FindAllString(*c.Remedy, -1) {
				spoken[url] = true
			}
		}
		for _, link := range c.Links {
			linked[link.URL] = true
		}
		if !maps.Equal(spoken, linked) {
			t.Errorf("check %s mentions the addresses %v and links to %v", c.ID, spoken, linked)
		}
		if c.Code == verify.CodeOK != (c.Status == verify.Pass) || !slices.Contains(verify.Codes(), c.Code) {
			t.Errorf("check %s is %s with code %q", c.ID, c.Status, c.Code)
		}
		failed = failed || c.Status == verify.Fail
		if c.Status == verify.Pass && c.Remedy != nil || (c.Status == verify.Fail || c.Status == verify.Warn) && c.Remedy == nil {
			t.Errorf("check %s is %s with remedy %v", c.ID, c.Status, c.Remedy)
		}
	}
	if got.OK == failed {
		t.Errorf("ok is %v, and a check failed: %v", got.OK, failed)
	}
	if got.OK && got.Preview == nil {
		t.Error("there is no preview, although no check failed")
	}
}

// readable prints a verification in the order in which a person reads it.
func readable(got answer) string {
	var b strings.Builder
	credential := got.Credential
	fmt.Fprintf(&b, "ok %v, %s %s on %s, plan %s\n", got.OK, got.Account.Scope, got.Account.Slug, got.Account.Host, got.Account.Plan)
	fmt.Fprintf(&b, "%s of %s, scopes %s, expires %s, days left %s\n\n", credential.Kind,
		inJSON(credential.Login), inJSON(credential.Scopes), inJSON(credential.ExpiresAt), inJSON(credential.DaysLeft))
	for _, c := range got.Checks {
		fmt.Fprintf(&b, "%-4s  %s: %s [%s]\n      %s\n", c.Status, c.ID, c.Title, c.Code, apiHost.ReplaceAllString(c.Detail, "api.github.com"))
		if c.Remedy != nil {
			fmt.Fprintf(&b, "      → %s\n", apiHost.ReplaceAllString(*c.Remedy, "api.github.com"))
		}
		for _, link := range c.Links {
			fmt.Fprintf(&b, "        %s: %s\n", link.Title, link.URL)
		}
	}
	if got.Preview == nil {
		return b.String() + "\nno preview\n"
	}
	fmt.Fprintf(&b, "\n%s to %s\n", got.Preview.From, got.Preview.To)
	for _, day := range got.Preview.Days {
		fmt.Fprintf(&b, "%s %s: active %s, engaged %s, credits %s\n", day.Date, day.State,
			inJSON(day.ActiveUsers), inJSON(day.EngagedUsers), inJSON(day.CreditsUsed))
	}
	totals, _ := json.MarshalIndent(got.Preview.Totals, "", "  ")
	seats, _ := json.MarshalIndent(got.Preview.Seats, "", "  ")
	fmt.Fprintf(&b, "credits %s\ntotals %s\nseats %s\n", inJSON(got.Preview.Credits), totals, seats)
	return b.String()
}
