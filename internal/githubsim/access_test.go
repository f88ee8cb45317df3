package githubsim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

const fineGrainedToken = "github_pat_11TEST0000000000000000_00000000000000000000000000000000000000000000000000000000001"

func TestWhoMayReadWhat(t *testing.T) {
	classic := func(scopes ...string) githubsim.Token {
		return githubsim.Token{Value: classicToken, Login: "octo-owner", Scopes: scopes}
	}
	fineGrained := func(permissions ...string) githubsim.Token {
		return githubsim.Token{Value: fineGrainedToken, Login: "octo-owner", Permissions: permissions}
	}
	as := func(role githubsim.Role, token githubsim.Token) githubsim.Token {
		token.Role = role
		return token
	}
	const (
		reports, seats, credits, membership = 0, 1, 2, 3
		insufficient                        = "Insufficient permissions. This action requires admin, or relevant organization role access."
		inaccessible                        = "Resource not accessible by personal access token"
	)
	orgPaths := []string{
		orgReports + "organization-28-day/latest", "/orgs/octo-test/copilot/billing/seats",
		"/organizations/octo-test/settings/billing/ai_credit/usage", "/user/memberships/orgs/octo-test",
	}
	enterprisePaths := []string{
		enterpriseReports + "enterprise-28-day/latest", "/enterprises/octo-test/copilot/billing/seats",
		"/enterprises/octo-test/settings/billing/ai_credit/usage",
	}
	for _, test := range []struct {
		name    string
		kind    githubsim.Kind
		token   githubsim.Token
		opens   []int
		refused string // the message if the token has no access
	}{
		{"read:org", githubsim.Organization, classic("read:org"), []int{reports, seats, membership}, insufficient},
		{"manage_billing:copilot", githubsim.Organization, classic("manage_billing:copilot"), []int{seats, credits}, insufficient},
		{"write:org contains read:org", githubsim.Organization, classic("write:org"), []int{reports, seats, membership}, insufficient},
		{"admin:org contains read:org", githubsim.Organization, classic("admin:org"), []int{reports, seats, credits, membership}, ""},
		{"no scope", githubsim.Organization, classic(), nil, insufficient},
		{"copilot metrics permission", githubsim.Organization, fineGrained(githubsim.PermissionCopilotMetrics), []int{reports}, inaccessible},
		{"copilot seats permission", githubsim.Organization, fineGrained(githubsim.PermissionCopilotSeats), []int{seats}, inaccessible},
		{"administration permission", githubsim.Organization, fineGrained(githubsim.PermissionAdministration), []int{seats, credits}, inaccessible},
		{"members permission", githubsim.Organization, fineGrained(githubsim.PermissionMembers), []int{membership}, inaccessible},
		{"a member", githubsim.Organization, as(githubsim.RoleMember, classic("admin:org")), []int{membership}, insufficient},
		{"a metrics viewer", githubsim.Organization, as(githubsim.RoleMetricsViewer, classic("read:org")), []int{reports, membership}, insufficient},

		{"read:enterprise", githubsim.Enterprise, classic("read:enterprise"), []int{reports, seats}, insufficient},
		{"manage_billing:copilot", githubsim.Enterprise, classic("manage_billing:copilot"), []int{reports, seats}, insufficient},
		{"manage_billing:enterprise", githubsim.Enterprise, classic("manage_billing:enterprise"), []int{credits}, insufficient},
		{"admin:enterprise contains both", githubsim.Enterprise, classic("admin:enterprise"), []int{reports, seats, credits}, ""},
		{"read:org", githubsim.Enterprise, classic("read:org"), nil, insufficient},
		{"fine-grained", githubsim.Enterprise, fineGrained(githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats), nil, inaccessible},
		{"a billing manager", githubsim.Enterprise, as(githubsim.RoleBillingManager, classic("admin:enterprise")), []int{reports, seats, credits}, ""},
		{"a stranger", githubsim.Enterprise, as(githubsim.RoleNone, classic("admin:enterprise")), nil, "Not Found"},
	} {
		t.Run(string(test.kind)+"/"+test.name, func(t *testing.T) {
			account := organization(func(a *githubsim.Account) { a.Kind, a.Tokens = test.kind, []githubsim.Token{test.token} })
			paths := orgPaths
			if test.kind == githubsim.Enterprise {
				paths = enterprisePaths
			}
			gh := start(t, account)
			opens := make(map[int]bool)
			for _, which := range test.opens {
				opens[which] = true
			}
			for which, path := range paths {
				got := gh.get(path, test.token.Value)
				if (got.status == http.StatusOK) != opens[which] {
					t.Errorf("GET %s: %d %s", path, got.status, got.body)
				}
				if got.status != http.StatusOK && !strings.Contains(string(got.body), test.refused) {
					t.Errorf("GET %s: %s, want %q", path, got.body, test.refused)
				}
			}
		})
	}
}

func TestTheRefusalsOfAnAccount(t *testing.T) {
	fineGrained := []githubsim.Token{{
		Value: fineGrainedToken, Login: "octo-owner", ExpiresAt: noon.AddDate(0, 0, 90),
		Permissions: []string{githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats},
	}}
	const seats, reports = "/orgs/octo-test/copilot/billing/seats", orgReports + "users-28-day/latest"
	for _, test := range []struct {
		name                 string
		change               func(*githubsim.Account)
		profile, seats, reps int
		message              string
	}{
		{"nothing", func(*githubsim.Account) {}, 200, 200, 200, "download_links"},
		{"policy off", func(a *githubsim.Account) { a.PolicyOff = true }, 200, 200, 403, "The 'Copilot usage metrics' policy must be enabled to use this API"},
		{"no Copilot", func(a *githubsim.Account) { a.Plan = githubsim.PlanNone }, 200, 404, 404, "Not Found"},
		{"single sign-on", func(a *githubsim.Account) { a.SSO = true }, 403, 403, 403, "Resource protected by organization SAML enforcement"},
		{"single sign-on, authorised", func(a *githubsim.Account) { a.SSO, a.Tokens[0].SSOAuthorized = true, true }, 200, 200, 200, "download_links"},
		{"single sign-on, fine-grained", func(a *githubsim.Account) { a.SSO, a.Tokens = true, fineGrained }, 200, 200, 200, "download_links"},
		{"classic tokens", func(a *githubsim.Account) { a.ForbidsClassic = true }, 403, 403, 403, "forbids access via a personal access token (classic)"},
		{"long lives", func(a *githubsim.Account) { a.MaxTokenDays, a.Tokens = 30, fineGrained }, 403, 403, 403, "lifetime is greater than 30 days"},
		{"hiding", func(a *githubsim.Account) { a.RefusesByHiding, a.Tokens[0].Scopes = true, nil }, 200, 404, 404, "Not Found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			account := organization(test.change)
			token := account.Tokens[0].Value
			gh := start(t, account)
			for path, want := range map[string]int{"/orgs/octo-test": test.profile, seats: test.seats, reports: test.reps} {
				if got := gh.get(path, token); got.status != want {
					t.Errorf("GET %s: %d %s, want %d", path, got.status, got.body, want)
				}
			}
			refused := gh.get(reports, token)
			if !strings.Contains(string(refused.body), test.message) {
				t.Errorf("reports say %s, want %q", refused.body, test.message)
			}
			if sso := refused.header.Get("X-GitHub-SSO"); strings.HasPrefix(sso, "required; url=https://github.com/orgs/octo-test/sso") !=
				strings.Contains(test.message, "SAML") {
				t.Errorf("X-GitHub-SSO: %q", sso)
			}
		})
	}
}

func TestEveryAnswerDescribesTheToken(t *testing.T) {
	classic := admin()
	classic.ExpiresAt = time.Date(2026, 12, 19, 22, 56, 58, 0, time.UTC)
	zoned := githubsim.Token{
		Value: fineGrainedToken, Login: "octo-owner",
		ExpiresAt: classic.ExpiresAt.In(time.FixedZone("", 2*60*60)),
	}
	gh := start(t, organization(func(a *githubsim.Account) {
		a.PolicyOff, a.Tokens = true, []githubsim.Token{classic, zoned}
	}))
	refused := gh.get(orgReports+"users-28-day/latest", classicToken)
	for name, want := range map[string]string{
		"GitHub-Authentication-Token-Expiration": "2026-12-19 22:56:58 UTC",
		"X-OAuth-Scopes":                         "read:org, manage_billing:copilot",
		"X-Accepted-OAuth-Scopes":                "admin:org, read:org, write:org",
		"X-GitHub-Media-Type":                    "github.v3; format=json",
		"X-RateLimit-Limit":                      "5000",
		"X-RateLimit-Remaining":                  "4999",
		"X-RateLimit-Reset":                      "1795352400",
	} {
		if got := refused.header.Get(name); got != want {
			t.Errorf("classic: %s: %q, want %q", name, got, want)
		}
	}
	seats := gh.get("/orgs/octo-test/copilot/billing/seats", fineGrainedToken)
	if got := seats.header.Get("X-Accepted-GitHub-Permissions"); got != "organization_copilot_seat_management=read; organization_administration=read" {
		t.Errorf("fine-grained: accepted permissions %q", got)
	}
	if got := seats.header.Get("GitHub-Authentication-Token-Expiration"); got != "2026-12-20 00:56:58 +0200" {
		t.Errorf("fine-grained: expiry %q", got)
	}
	if _, ok := seats.header["X-Oauth-Scopes"]; ok {
		t.Error("fine-grained: X-OAuth-Scopes is present")
	}
}
