//go:build !race

package collect_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// If a connector reads the bill, whoever obeys an advice for a new token must not lose the bill.
func TestAdviceForANewTokenKeepsTheBill(t *testing.T) {
	t.Parallel()
	const next = "ghp_nextTOKENnextTOKENnextTOKENnext000000"
	account, both := octoDemo(), []string{"manage_billing:copilot", "read:org"}
	account.Tokens[0].Scopes = both
	other := account.Tokens[0]
	other.Value, other.ExpiresAt = next, begins.AddDate(0, 0, 60)
	account.Tokens = append(account.Tokens, other)
	w := start(t, account)
	for day, test := range []struct {
		name   string
		change func(*githubsim.Account)
		answer string // to every request for the account; empty: that of the simulated GitHub
		says   []string
	}{
		{name: "its scopes are gone", change: func(a *githubsim.Account) { a.Tokens[0].Scopes, a.Tokens[1].Scopes = []string{}, []string{} }, says: []string{"tick read:org and manage_billing:copilot and"}},
		{name: "it lives too long", change: func(a *githubsim.Account) { a.MaxClassicDays = 7 }, says: []string{"read:org (usage and seats) and manage_billing:copilot (billed AI credits)"}},
		{name: "its kind is refused", change: func(a *githubsim.Account) { a.ForbidsClassic = true }, says: []string{`"Administration: read" (billed AI credits)`}},
		{name: "it lacks something", answer: "Resource not accessible by personal access token", says: []string{"manage_billing:copilot (billed", `"Administration: read" (billed`}},
		{name: "its owner is suspended", answer: "Sorry. Your account was suspended.", says: []string{"manage_billing:copilot (billed", `"Administration: read" (billed`}},
	} {
		w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) {
			a.MaxClassicDays, a.ForbidsClassic = 0, false
			a.Tokens[0].Scopes, a.Tokens[1].Scopes = both, both
			if test.change != nil {
				test.change(a)
			}
		})
		w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
			if test.answer == "" || !strings.HasPrefix(r.URL.Path, "/orgs/"+slug) {
				return false
			}
			http.Error(rw, `{"message":"`+test.answer+`"}`, http.StatusForbidden)
			return true
		})
		w.pollAt(morning(1 + day))
		told := w.sent()
		if len(told) != 1 || told[0].Kind != connector.NoticeStopped {
			t.Fatalf("%s: told %v", test.name, told)
		}
		_, err := w.life().Rotate(t.Context(), w.ref, credential.NewToken(next), "ada")
		refused, ok := errors.AsType[*lifecycle.Refused](err)
		if !ok {
			t.Fatalf("%s: a new token that GitHub refuses too: %v", test.name, err)
		}
		for where, text := range map[string]string{
			"the reason": w.connector().StatusReason,
			"the mail":   notify.Compose(w.connector(), told[0]).Body,
			"a rotation": remedies(refused.Result),
		} {
			for _, words := range test.says {
				if !strings.Contains(text, words) {
					t.Errorf("%s: %s does not say %s: %s", test.name, where, words, text)
				}
			}
		}
	}
}

// remedies returns what Verify says to do about the checks that fail.
func remedies(result verify.Result) string {
	var text strings.Builder
	for _, check := range result.Checks {
		if check.Status == verify.Fail && check.Remedy != nil {
			text.WriteString(*check.Remedy)
		}
	}
	return text.String()
}
