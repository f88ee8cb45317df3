//go:build !race

package collect_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// A poll names the same cause as Verify, and does not ask for a token where another token would not help.
func TestAPollTellsEachRefusalByItsOwnCause(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trouble func(*githubsim.Account)
		answer  http.HandlerFunc
		says    []string
		never   string
	}{
		"an IP allow list": {
			trouble: func(a *githubsim.Account) { a.IPAllowList = true }, says: []string{"IP allow list", "No other token helps"}, never: "new personal access token",
		},
		"a suspended person": {
			trouble: func(a *githubsim.Account) { a.Tokens[0].Suspended = true }, says: []string{"suspended", "somebody else"}, never: "revoked",
		},
		"a rule for lifetimes": {
			trouble: func(a *githubsim.Account) { a.MaxClassicDays, a.RuledBy = 7, "Octo Holding" }, says: []string{"at most 7 days", "Octo Holding"}, never: "kind of token",
		},
		"an unexplained refusal": {
			trouble: func(a *githubsim.Account) { a.Objection = "Access is blocked." }, says: []string{"Access is blocked.", "unexplained"}, never: "IP",
		},
		"renamed": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/organizations/4711"+strings.TrimPrefix(r.URL.Path, "/orgs/"+slug))
				http.Error(w, `{"message":"Moved Permanently"}`, http.StatusMovedPermanently)
			}, says: []string{"/organizations/4711"}, never: "needs an update",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settled(t)
			if test.trouble != nil {
				w.gitHub.Change(githubsim.Organization, slug, test.trouble)
			}
			if test.answer != nil {
				w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
					if !strings.HasPrefix(r.URL.Path, "/orgs/"+slug) {
						return false
					}
					test.answer(rw, r)
					return true
				})
			}
			w.pollAt(morning(1))
			w.mustBe(connector.StatusDegraded, test.says...)
			if reason := w.connector().StatusReason; strings.Contains(reason, test.never) {
				t.Errorf("%q says %q", reason, test.never)
			}
			w.mustTell("on the first morning", connector.NoticeStopped)
		})
	}
}

func TestAnAnswerThatIsNotFromGitHubIsTransientTrouble(t *testing.T) {
	t.Parallel()
	w := settled(t)
	before := w.connector()
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Blocked = true })
	for day := 1; day <= 3; day++ {
		w.pollAt(morning(day))
		w.mustBe(connector.StatusDegraded, "not GitHub's", "No day is lost")
		if reason := w.connector().StatusReason; strings.Contains(reason, "token") {
			t.Errorf("%q blames the token", reason)
		}
	}
	w.mustTell("all the while")
	if c := w.connector(); c.Capabilities != before.Capabilities || c.Capabilities.Usage != access.OK {
		t.Errorf("capabilities %+v, before %+v", c.Capabilities, before.Capabilities)
	}
}

func TestAnExpiryDateIsIgnoredWhileTheTokenWorks(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].NamesNow = true })
	for day := 1; day <= 3; day++ {
		w.pollAt(morning(day))
		w.mustBe(connector.StatusActive)
	}
	w.mustTell("all the while")
	if c := w.connector().Credential; c.ExpiresAt != nil || !c.ExpiryDisproved {
		t.Errorf("the credential is %+v, want no expiry", c)
	}
	if _, byPolicy := w.connector().Credential.Expiry(); !byPolicy {
		t.Error("GitHub's header decides on reminders")
	}
}

func TestAnOrganizationWhoseNameIsUnknownIsFoundByItsID(t *testing.T) {
	t.Parallel()
	w := settled(t)
	id := w.connector().AccountID
	w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.URL.Path == "/organizations/"+id:
			_, _ = fmt.Fprintf(rw, `{"id":%s,"login":"octo-now"}`, id)
		case strings.Contains(r.URL.Path, slug):
			http.Error(rw, `{"message":"Not Found"}`, http.StatusNotFound)
		default:
			return false
		}
		return true
	})
	w.pollAt(morning(1))
	w.mustBe(connector.StatusDegraded, `has another name now: "octo-now"`)
}
