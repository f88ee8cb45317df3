package githubsim_test

import (
	"net/http"
	"regexp"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestEveryScenarioHasTheAnswersItIsFor(t *testing.T) {
	gh := start(t, githubsim.Cast(noon)...)
	wellFormed := regexp.MustCompile(`^(ghp_demo[0-9A-Za-z]{32}|github_pat_11DEMO[0-9A-Za-z]{16}_demo[0-9A-Za-z]{55})$`)
	ok := http.StatusOK
	want := map[string]struct{ user, usage, seats int }{
		"healthy organization, classic token":           {ok, ok, ok},
		"healthy organization, fine-grained token":      {ok, ok, ok},
		"healthy enterprise":                            {ok, ok, ok},
		"enterprise with cost centers and budgets":      {ok, ok, ok},
		"organization with a GitHub App, classic token": {ok, ok, ok},
		"policy off":                                            {ok, 403, ok},
		"missing scope":                                         {ok, 403, ok},
		"missing scope on an enterprise":                        {ok, 403, 403},
		"missing fine-grained permission":                       {ok, 403, ok},
		"fine-grained token for usage only":                     {ok, ok, 403},
		"classic tokens forbidden":                              {ok, 403, 403},
		"token lives too long":                                  {ok, 403, 403},
		"single sign-on not authorised":                         {ok, 403, 403},
		"classic token lives too long":                          {ok, 403, 403},
		"classic token lives too long for the enterprise":       {ok, 403, 403},
		"token lives too long for the enterprise":               {ok, 403, 403},
		"IP allow list":                                         {ok, 403, 403},
		"IP allow list of an enterprise":                        {ok, 403, 403},
		"hidden from a fine-grained token":                      {ok, 404, 404},
		"no role in an enterprise":                              {ok, 403, 403},
		"token lives too long for the enterprise that is asked": {ok, 403, 403},
		"suspended person":                                      {403, 403, 403},
		"behind a proxy":                                        {403, 403, 403},
		"renamed organization":                                  {ok, 301, 301},
		"unexplained refusal":                                   {ok, 403, 403},
		"unknown report host":                                   {ok, ok, ok},
		"expiry that is over":                                   {ok, ok, ok},
		"admin scope alone":                                     {ok, ok, ok},
		"expires soon":                                          {ok, ok, ok},
		"expired":                                               {401, 401, 401},
		"no expiry":                                             {ok, ok, ok},
		"fine-grained token on an enterprise":                   {ok, 403, 403},
		"wrong slug":                                            {ok, 404, 404},
		"organization asked as enterprise":                      {ok, 404, 404},
		"only a member":                                         {ok, 403, 403},
		"surplus scopes":                                        {ok, ok, ok},
		"no Copilot plan":                                       {ok, 404, 404},
		"nobody active":                                         {ok, ok, ok},
		"reports not ready":                                     {ok, 204, ok},
	}
	scenarios := githubsim.Scenarios(noon)
	if len(scenarios) != len(want) {
		t.Errorf("%d scenarios, %d are expected", len(scenarios), len(want))
	}
	for _, scenario := range scenarios {
		t.Run(scenario.Name, func(t *testing.T) {
			if !wellFormed.MatchString(scenario.Token) {
				t.Errorf("token %s", scenario.Token)
			}
			root, report := "/orgs/"+scenario.Slug, "organization-1-day"
			if scenario.Scope == string(githubsim.Enterprise) {
				root, report = "/enterprises/"+scenario.Slug, "enterprise-1-day"
			}
			expected := want[scenario.Name]
			for path, status := range map[string]int{
				"/user": expected.user,
				root + "/copilot/metrics/reports/" + report + "?day=2026-11-21": expected.usage,
				root + "/copilot/billing/seats?per_page=1":                      expected.seats,
			} {
				if got := gh.get(path, scenario.Token); got.status != status {
					t.Errorf("GET %s: %d %s, want %d", path, got.status, got.body, status)
				}
			}
			if scenario.Host != "github.com" || scenario.Shows == "" {
				t.Errorf("scenario: %+v", scenario)
			}
		})
	}
}

func TestWhoIsAsking(t *testing.T) {
	member := admin()
	member.Value, member.Login, member.Role = "ghp_member", "octo-dev-001", githubsim.RoleMember
	stranger := githubsim.Account{Kind: githubsim.Organization, Slug: "octo-other", Tokens: []githubsim.Token{
		{Value: "ghp_stranger", Login: "octo-stranger", Scopes: []string{"read:org"}},
	}}
	gh := start(t, organization(func(a *githubsim.Account) { a.Tokens = append(a.Tokens, member) }), stranger)
	type profile struct {
		Login, Type string
		ID          int64
	}
	if user := read[profile](gh, "/user"); user.Login != "octo-owner" || user.Type != "User" || user.ID == 0 {
		t.Errorf("user: %+v", user)
	}
	type membership struct {
		State, Role  string
		Organization profile
	}
	for token, role := range map[string]string{classicToken: "admin", "ghp_member": "member"} {
		got := decode[membership](t, gh.get("/user/memberships/orgs/octo-test", token).body)
		if got.Role != role || got.State != "active" || got.Organization.Login != "octo-test" {
			t.Errorf("membership: %+v, want role %s", got, role)
		}
	}
	if got := gh.get("/user/memberships/orgs/octo-test", "ghp_stranger"); got.status != http.StatusNotFound {
		t.Errorf("a stranger's membership: %d", got.status)
	}
	type organization struct {
		Login string
		Plan  *struct{ Name string }
	}
	for token, owner := range map[string]bool{classicToken: true, "ghp_member": false, "ghp_stranger": false} {
		got := decode[organization](t, gh.get("/orgs/octo-test", token).body)
		if got.Login != "octo-test" || (got.Plan != nil) != owner {
			t.Errorf("organization as seen by %s: %+v", token, got)
		}
	}
}
