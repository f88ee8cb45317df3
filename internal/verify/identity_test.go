package verify_test

import (
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// GitHub may refuse the first call, which asks whose token it is. Verify must never report such a token as working.
func TestNoRefusalOfTheFirstCallPasses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		message string
		fails   verify.CheckID
	}{
		"a rule for kinds of tokens":   {403, "`octo` forbids access via a personal access token (classic).", verify.CheckPermission},
		"a rule for lifetimes":         {403, "The 'octo' organization forbids access via a personal access tokens (classic) if the token's lifetime is greater than 30 days.", verify.CheckPermission},
		"an enterprise's rule":         {403, "The 'Octo Holding' enterprise forbids access via a personal access tokens (classic) if the token's lifetime is greater than 30 days.", verify.CheckPermission},
		"single sign-on":               {403, "Resource protected by organization SAML enforcement.", verify.CheckSSO},
		"the policy":                   {403, "The 'Copilot usage metrics' policy must be enabled to use this API", verify.CheckPolicy},
		"moved":                        {301, "Moved Permanently", verify.CheckReach},
		"bad credentials":              {401, "Bad credentials", verify.CheckToken},
		"suspended":                    {403, "Sorry. Your account was suspended.", verify.CheckToken},
		"an IP allow list":             {403, "Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.", verify.CheckUsage},
		"a refusal without an account": {403, "Forbidden", verify.CheckUsage},
		"not found":                    {404, "Not Found", verify.CheckReach},
		"a role":                       {403, "Insufficient permissions. This action requires admin, or relevant organization role access.", verify.CheckUsage},
		"a permission":                 {403, "Resource not accessible by personal access token", verify.CheckUsage},
		"payment":                      {422, "There is a problem with your account's associated payment method.", verify.CheckReach},
		"a server error":               {502, "Bad Gateway", verify.CheckReach},
	} {
		for scope, slug := range map[copilot.Scope]string{copilot.Organization: "octo", copilot.Enterprise: "octo-enterprise"} {
			t.Run(name+" at "+scope.Article(), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, octo())
				w.github.Intercept(func(rw http.ResponseWriter, _ *http.Request) bool {
					rw.Header().Set("Content-Type", "application/json")
					rw.WriteHeader(test.status)
					_, _ = rw.Write([]byte(`{"message":"` + strings.ReplaceAll(test.message, `"`, `\"`) + `","documentation_url":"https://docs.github.com/rest"}`))
					return true
				})
				result := w.verify(scope, slug, classic)
				var failing []verify.CheckID
				for _, check := range result.Checks {
					if check.Status == verify.Fail {
						failing = append(failing, check.ID)
					}
				}
				if test.fails == verify.CheckUsage && strings.Contains(words(result), "makes a new") {
					t.Errorf("the remedy asks for a new token: %s", words(result))
				}
				if result.OK || len(failing) != 1 || test.fails != "" && failing[0] != test.fails {
					t.Errorf("ok is %v, failing checks are %v; want %s", result.OK, failing, test.fails)
				}
			})
		}
	}
}

// words joins the texts of all checks.
func words(result verify.Result) string {
	var all []string
	for _, check := range result.Checks {
		all = append(all, check.Title, check.Detail)
		if check.Remedy != nil {
			all = append(all, *check.Remedy)
		}
	}
	return strings.Join(all, "\n")
}
