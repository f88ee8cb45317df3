package collect_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWhichBillsAreFinalIsRemembered(t *testing.T) {
	account := octoDemo()
	account.Tokens[0].Scopes = append(account.Tokens[0].Scopes, "manage_billing:copilot")
	const billing = "/settings/billing/ai_credit/usage"
	w := start(t, account)
	first := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		at    time.Time
		fails string // of which month GitHub's billing fails
		asked int
		final string
	}{
		{"after the first poll", morning(0), "", 1, "2026-10-01"},
		{"on the first day after a month", first, "", 2, "2026-10-01"},
		{"when its bill could not be read", first.AddDate(0, 0, 9), "month=11", 2, "2026-10-01"},
		{"when it was", first.AddDate(0, 0, 10), "", 2, "2026-11-01"},
		{"from then on", first.AddDate(0, 0, 11), "", 1, "2026-11-01"},
		{"after two months without a poll", first.AddDate(0, 2, 9), "", 3, "2027-01-01"},
	} {
		if test.fails != "" {
			w.gitHub.Intercept(failing(test.fails, 1e6, says(http.StatusForbidden, "No")))
		}
		w.gitHub.ResetCalls()
		w.pollAt(test.at)
		w.gitHub.Intercept(nil)
		asked := 0
		for _, call := range w.gitHub.Calls() {
			if strings.HasSuffix(call.Path, billing) {
				asked++
			}
		}
		if got := fmt.Sprint(w.connector().BillsFinal); asked != test.asked || got != test.final {
			t.Errorf("%s: %d bills were asked for, those up to %s are final", test.name, asked, got)
		}
		if c := w.connector().Capabilities.Billing; c != "ok" {
			t.Errorf("%s: billing is %s", test.name, c)
		}
	}
}
