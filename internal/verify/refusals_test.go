//go:build !race

package verify_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// failing returns the only check that fails.
func failing(t *testing.T, result verify.Result) verify.Check {
	t.Helper()
	var found []verify.Check
	for _, c := range result.Checks {
		if c.Status == fail {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d checks fail: %+v", len(found), found)
	}
	return found[0]
}

// If GitHub gives a reason for a refusal, Verify reports that reason. If GitHub gives none, Verify does not guess one.
func TestEachRefusalIsReportedByItsOwnCause(t *testing.T) {
	t.Parallel()
	refusing := func(message string) string {
		return fmt.Sprintf(`{"message":%q,"documentation_url":"https://docs.github.com/rest"}`, message)
	}
	const (
		ofOrganization = "The 'octo' organization forbids access via a %s if the token's lifetime is greater than %d days. Please adjust your token's lifetime."
		ofEnterprise   = "The 'Octo Holding' enterprise forbids access via a %s if the token's lifetime is greater than %d days. Please adjust your token's lifetime."
		classics       = "personal access tokens (classic)"
		fineGraineds   = "fine-grained personal access tokens"
		page           = "<html><body>Access denied by administrative rules</body></html>"
	)
	for name, test := range map[string]struct {
		scope  copilot.Scope
		token  string
		path   string
		body   string
		status int
		check  verify.CheckID
		code   verify.Code
		says   []string
		never  []string
	}{
		"a classic token lives too long": {
			body: refusing(fmt.Sprintf(ofOrganization, classics, 30)), check: "permission", code: "token_lifetime",
			says:  []string{"classic token that lives longer than 30 days", "at most 30 days", "/settings/tokens/new", "an owner changes the rule"},
			never: []string{"fine-grained", "kind of token"},
		},
		"a fine-grained token lives too long": {
			token: fineGrained, body: refusing(fmt.Sprintf(ofOrganization, fineGraineds, 7)), check: "permission", code: "token_lifetime",
			says:  []string{"fine-grained token that lives longer than 7 days", "at most 7 days", "personal-access-tokens/new"},
			never: []string{"a classic one"},
		},
		"a classic token lives too long for the enterprise": {
			body: refusing(fmt.Sprintf(ofEnterprise, classics, 90)), check: "permission", code: "token_lifetime",
			says:  []string{`The enterprise "Octo Holding"`, "at most 90 days", "only its owners can change it"},
			never: []string{"/organizations/octo/settings/personal-access-tokens"},
		},
		"a classic token lives too long for the enterprise itself": {
			scope: copilot.Enterprise, body: refusing(fmt.Sprintf(ofEnterprise, classics, 366)), check: "permission", code: "token_lifetime",
			says: []string{"at most 366 days", "read:enterprise", "Only an owner of the enterprise"},
		},
		"an IP allow list": {
			body: refusing("Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, " +
				"and your IP address is not permitted to access this resource."), check: "usage", code: "ip_allow_list",
			says: []string{"IP allow list", "docs/OPERATIONS.md", "Elastic IP", "No other token helps"},
		},
		"an IP allow list of the enterprise": {
			scope: copilot.Enterprise, body: refusing("the `octo` enterprise has an IP allow list enabled, and your IP address is not permitted"),
			check: "usage", code: "ip_allow_list", says: []string{"/enterprises/octo/settings/security"},
		},
		"an IP allow list of the enterprise above": {
			body:  refusing("the `octo-inc` enterprise has an IP allow list enabled, and your IP address is not permitted"),
			check: "usage", code: "ip_allow_list", says: []string{`The enterprise "octo-inc" has`, "owner of that enterprise"}, never: []string{"/organizations/octo/settings"},
		},
		"an old name that still shows reports": {
			path: "^/orgs/octo$", status: 308, body: refusing("Permanent Redirect"), check: "account", code: "renamed", says: []string{"has moved"},
		},
		"a suspended person": {
			path: "^/", body: refusing("Sorry. Your account was suspended."), check: "token", code: "person_suspended",
			says: []string{"suspended", "somebody else"}, never: []string{"mistyped"},
		},
		"a person suspended in between": {
			body: refusing("Sorry. Your account was suspended."), check: "token", code: "person_suspended", says: []string{"@octo-owner"},
		},
		"an unexplained refusal": {
			body: refusing("Repository access blocked"), check: "usage", code: "refused",
			says: []string{`GitHub says: "Repository access blocked"`, "unexplained"}, never: []string{"IP", "role", "new personal access token"},
		},
		"an unexplained refusal of an enterprise": {
			scope: copilot.Enterprise, body: refusing("no"), check: "usage", code: "refused",
			says: []string{`GitHub says: "no"`, "unexplained"}, never: []string{"IP", "role", "new personal access token"},
		},
		"a block page for all":                 {path: "^/", body: page, check: "reach", code: "not_github", says: []string{"403", "proxy", "not to blame"}},
		"a block page for reports":             {body: page, check: "reach", code: "not_github", says: []string{"for the usage reports", "not to blame"}},
		"a block page with 404":                {path: "^/", body: page, status: 404, check: "reach", code: "not_github", says: []string{"404"}},
		"a sign-in page":                       {path: "^/", body: page, status: 200, check: "reach", code: "not_github", says: []string{"web page"}},
		"a page for reports":                   {body: page, status: 200, check: "reach", code: "not_github", says: []string{"for the usage reports"}},
		"plain words":                          {path: "^/", body: "Forbidden by policy", check: "reach", code: "not_github"},
		"nothing":                              {path: "^/", body: "", check: "reach", code: "not_github"},
		"JSON of somebody else":                {path: "^/", body: `{"error":"blocked"}`, check: "reach", code: "not_github"},
		"a proxy that requires authentication": {path: "^/", body: page, status: 407, check: "reach", code: "not_github"},
		"a report of another day": {
			path: reportCalls, body: `{"download_links":["https://copilot-reports.github.com/x"],"report_day":"2020-01-01"}`, status: 200,
			check: "usage", code: "report_broken", says: []string{"report of another day"}, never: []string{"GitHub says", "IP", "role", "token"},
		},
		"reports on an unknown host": {
			path: reportCalls, body: `{"download_links":["https://copilot-reports-eu.github.com/x?sig=CANARY"]}`, status: 200,
			check: "usage", code: "report_link_unknown", says: []string{"Update the connector"}, never: []string{"GitHub Support", "CANARY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, scope := octo(), copilot.Organization
			if test.scope == copilot.Enterprise {
				account.Kind, scope = githubsim.Enterprise, test.scope
				account.Tokens[0].Scopes = []string{"read:enterprise"}
			}
			if test.token == "" {
				test.token = classic
			}
			if test.path == "" {
				test.path = "^/(orgs|enterprises|organizations)/octo/"
			}
			if test.status == 0 {
				test.status = http.StatusForbidden
			}
			w := newWorld(t, account)
			w.github.Intercept(answers{{test.path, test.status, test.body, nil}}.intercept)
			c := failing(t, w.verify(scope, "octo", test.token))
			if c.ID != test.check || c.Code != test.code {
				t.Fatalf("the failing check is %+v, want %s with code %s", c, test.check, test.code)
			}
			said := c.Title + " " + c.Detail + " " + *c.Remedy
			for _, words := range test.says {
				if !strings.Contains(said, words) {
					t.Errorf("%q does not say %q", said, words)
				}
			}
			for _, words := range test.never {
				if strings.Contains(said, words) {
					t.Errorf("%q must not say %q", said, words)
				}
			}
		})
	}
}

func TestAnUnreachableHostIsReportedByItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, octo())
	service := testworld.Service(t, "http://127.0.0.1:9", w.verifier.Now)
	w.verifier.Connect = connect(service)
	result := w.verify(copilot.Organization, "octo", classic)
	if c := failing(t, result); c.ID != verify.CheckReach || !strings.HasPrefix(c.Detail, "127.0.0.1:9 gave no usable answer: ") || strings.Contains(*c.Remedy, "api.github.com") {
		t.Errorf("the failing check is %+v, want the host's name", c)
	}
	if result.Unasked == nil || !strings.Contains(result.Unasked.Error(), "127.0.0.1:9") {
		t.Errorf("Unasked is %v, want the host's name", result.Unasked)
	}
}

func TestAnExpiryInThePastOfAWorkingTokenIsAWarning(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]time.Time{
		"the time of the call": morning, "a second ago": morning.Add(-time.Second), "half a minute on": morning.Add(30 * time.Second),
		"a year ago": morning.AddDate(-1, 0, 0),
	} {
		w := newWorld(t, octo())
		w.github.Intercept(func(rw http.ResponseWriter, _ *http.Request) bool {
			rw.Header().Set("GitHub-Authentication-Token-Expiration", at.Format("2006-01-02 15:04:05 UTC"))
			return false
		})
		account := octo()
		account.Tokens[0].ExpiresAt = time.Time{} // then the simulated GitHub sends no expiry date
		w.github.Change(githubsim.Organization, "octo", func(a *githubsim.Account) { a.Tokens = account.Tokens })
		result := w.verify(copilot.Organization, "octo", classic)
		c := check(t, result, verify.CheckExpiry)
		if !result.OK || c.Status != warn || c.Code != verify.CodeExpiryDisproved || !strings.Contains(c.Detail, at.Format("2 January 2006 at 15:04:05 UTC")) {
			t.Errorf("%s: the check of the expiry is %+v, want a warning", name, c)
		}
		if result.Credential.ExpiresAt != nil || result.Credential.DaysLeft != nil || !result.Credential.ExpiryDisproved {
			t.Errorf("%s: the credential is %+v, want no expiry", name, result.Credential)
		}
	}
}

func TestVerifyLearnsGitHubsIDOfTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, octo())
	id := w.verify(copilot.Organization, "octo", classic).AccountID
	if id == "" {
		t.Fatal("the id of an organization is not known")
	}
	w.github.Intercept(answers{{"^/orgs/octo$", 404, missing, nil}}.intercept)
	if got := w.verify(copilot.Organization, "octo", classic).AccountID; got != id {
		t.Errorf("the reports give the id %q, the organization itself %q", got, id)
	}
	w.github.Intercept(nil)
	pinned := request(copilot.Organization, "octo", classic)
	if pinned.AccountID = id; !w.verifier.Verify(t.Context(), pinned).OK {
		t.Error("the account's own id is refused")
	}
	for name, other := range map[string]answers{
		"another organization has the name": {{"^/orgs/octo$", 200, `{"id":4711,"login":"octo"}`, nil}},
		"another organization, and the first has a new name": {
			{"^/orgs/octo$", 200, `{"id":4711,"login":"octo"}`, nil}, {"^/organizations/" + id + "$", 200, `{"id":` + id + `,"login":"octo-now"}`, nil},
		},
		"reports of another organization": {{files, 200, `{"day":"2026-11-21","organization_id":"4711","daily_active_users":1}`, nil}},
	} {
		w.github.Intercept(other.intercept)
		result := w.verifier.Verify(t.Context(), pinned)
		if c := failing(t, result); c.ID != verify.CheckAccount || c.Code != verify.Code(fault.OtherAccount) || result.Preview != nil || result.AccountsFault {
			t.Errorf("%s: the failing check is %+v", name, c)
		} else if told := strings.Contains(*c.Remedy, `"octo-now"`); told != strings.HasSuffix(name, "has a new name") {
			t.Errorf("%s: the remedy is %s", name, *c.Remedy)
		}
	}
	w.github.Intercept(answers{
		{"^/organizations/" + id + "$", 200, `{"id":` + id + `,"login":"octo-now"}`, nil}, {"octo", 404, missing, nil},
	}.intercept)
	if c := failing(t, w.verifier.Verify(t.Context(), pinned)); c.Code != verify.Code(fault.Renamed) || !strings.Contains(c.Detail, `"octo-now"`) {
		t.Errorf("an unknown name: %+v", c)
	}
}

func TestTheRemedySaysToPasteOnlyTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, octo())
	for _, pasted := range []string{`"` + classic + `"`, "Bearer " + classic, "TOKEN=" + classic, "\ufeff" + classic} {
		c := failing(t, w.verify(copilot.Organization, "octo", pasted))
		if c.Code != verify.Code(fault.NotPAT) || !strings.HasPrefix(*c.Remedy, "Paste the token again") || strings.Contains(c.Detail+*c.Remedy, classic) {
			t.Errorf("the check is %+v: %s", c, *c.Remedy)
		}
	}
	if c := failing(t, w.verify(copilot.Organization, "octo", "sk-something")); strings.Contains(*c.Remedy, "Paste the token again") {
		t.Errorf("the remedy asks to paste another service's key again: %s", *c.Remedy)
	}
	if calls := w.github.Calls(); len(calls) > 0 {
		t.Errorf("the text was sent to GitHub: %v", calls)
	}
}
