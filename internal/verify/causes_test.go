package verify_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

const (
	pass = verify.Pass
	warn = verify.Warn
	fail = verify.Fail
	skip = verify.Skip
)

type outcome = map[verify.CheckID]verify.CheckStatus

// Each case is a healthy account with one change, and the checks that then do not pass.
func TestOneCauseFailsOneCheck(t *testing.T) {
	t.Parallel()
	nothingRead := outcome{"policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip}
	only := func(parts ...outcome) outcome {
		all := outcome{}
		for _, part := range parts {
			maps.Copy(all, part)
		}
		return all
	}
	for name, test := range map[string]struct {
		account func(a *githubsim.Account)
		token   func(token *githubsim.Token)
		scope   copilot.Scope
		slug    string
		pasted  string
		want    outcome
		says    string // part of the first check that fails or warns
	}{
		"a healthy organization, classic token": {
			want: outcome{"billing": skip},
		},
		"a healthy organization, fine-grained token": {
			pasted: fineGrained, want: outcome{"billing": skip},
		},
		"a slug in another letter case": {
			slug: "OCTO", want: outcome{"billing": skip},
		},
		"the right to read the bill": {
			token: func(token *githubsim.Token) { token.Scopes = []string{"read:org", "manage_billing:copilot"} },
			want:  outcome{},
		},
		"policy off": {
			account: func(a *githubsim.Account) { a.PolicyOff = true },
			want:    outcome{"policy": fail, "usage": skip, "users": skip, "billing": skip}, says: "Copilot usage metrics",
		},
		"policy off, fine-grained": {
			account: func(a *githubsim.Account) { a.PolicyOff = true }, pasted: fineGrained,
			want: outcome{"permission": skip, "policy": fail, "usage": skip, "users": skip, "billing": skip}, says: "AI Controls",
		},
		"missing scope": {
			token: func(token *githubsim.Token) { token.Scopes = []string{"repo"} },
			want:  only(nothingRead, outcome{"permission": fail, "account": skip}), says: "read:org",
		},
		"no scope at all, and GitHub hides what it may not show": {
			token:   func(token *githubsim.Token) { token.Scopes = nil },
			account: func(a *githubsim.Account) { a.RefusesByHiding = true },
			want:    only(nothingRead, outcome{"permission": fail, "account": skip}), says: "the token has none",
		},
		"fine-grained without the metrics permission": {
			token:  func(token *githubsim.Token) { token.Permissions = []string{githubsim.PermissionCopilotSeats} },
			pasted: fineGrained,
			want:   outcome{"permission": fail, "policy": skip, "usage": skip, "users": skip, "billing": skip},
			says:   "Organization Copilot metrics: read",
		},
		"fine-grained without the seats permission": {
			token:  func(token *githubsim.Token) { token.Permissions = []string{githubsim.PermissionCopilotMetrics} },
			pasted: fineGrained, want: outcome{"seats": warn, "billing": skip}, says: "GitHub Copilot Business: read",
		},
		"fine-grained that still waits for approval": {
			token:   func(token *githubsim.Token) { token.Permissions = nil },
			account: func(a *githubsim.Account) { a.RefusesByHiding = true }, pasted: fineGrained,
			want: only(nothingRead, outcome{"permission": fail, "account": skip}), says: "personal-access-token-requests",
		},
		"surplus scopes": {
			token: func(token *githubsim.Token) { token.Scopes = []string{"admin:org", "repo"} },
			want:  outcome{"permission": warn}, says: "admin:org, repo",
		},
		"classic tokens forbidden": {
			account: func(a *githubsim.Account) { a.ForbidsClassic = true },
			want:    only(nothingRead, outcome{"permission": fail, "account": skip}), says: "fine-grained",
		},
		"fine-grained tokens that live too long": {
			account: func(a *githubsim.Account) { a.MaxTokenDays = 30 }, pasted: fineGrained,
			want: only(nothingRead, outcome{"permission": fail, "account": skip}), says: "30 days",
		},
		"single sign-on": {
			account: func(a *githubsim.Account) { a.SSO = true },
			want:    only(nothingRead, outcome{"sso": fail, "account": skip}), says: "Configure SSO",
		},
		"only a member": {
			token: func(token *githubsim.Token) { token.Role = githubsim.RoleMember },
			want:  only(nothingRead, outcome{"account": fail}), says: "is a member",
		},
		"only a member, and GitHub hides what it may not show": {
			token:   func(token *githubsim.Token) { token.Role = githubsim.RoleMember },
			account: func(a *githubsim.Account) { a.RefusesByHiding = true },
			want:    only(nothingRead, outcome{"account": fail}), says: "is a member",
		},
		"a stranger": {
			token: func(token *githubsim.Token) { token.Role = githubsim.RoleNone },
			want:  only(nothingRead, outcome{"account": fail}), says: "does not belong",
		},
		"a member who may view the metrics": {
			token: func(token *githubsim.Token) { token.Role = githubsim.RoleMetricsViewer },
			want:  outcome{"seats": warn, "billing": skip}, says: "owner",
		},
		"a wrong slug": {
			slug: "octo-typo", want: only(nothingRead, outcome{"account": fail}), says: "github.com/NAME",
		},
		"an organization taken for an enterprise": {
			scope: copilot.Enterprise, want: only(nothingRead, outcome{"permission": skip, "account": fail}),
			says: "Choose organization as the scope.",
		},
		"no Copilot": {
			account: func(a *githubsim.Account) { a.Plan = githubsim.PlanNone },
			want:    only(nothingRead, outcome{"account": fail}), says: "no Copilot Business or Enterprise",
		},
		"nobody active": {
			account: func(a *githubsim.Account) { a.ZeroActive = true },
			want:    outcome{"usage": warn, "billing": skip}, says: "nobody active",
		},
		"expires within 14 days": {
			token: func(token *githubsim.Token) { token.ExpiresAt = morning.AddDate(0, 0, 14) },
			want:  outcome{"expiry": warn, "billing": skip}, says: "in 14 days",
		},
		"expires tomorrow": {
			token: func(token *githubsim.Token) { token.ExpiresAt = morning.Add(30 * time.Hour) },
			want:  outcome{"expiry": warn, "billing": skip}, says: "in 1 day.",
		},
		"expires after 90 days": {
			token: func(token *githubsim.Token) { token.ExpiresAt = morning.AddDate(0, 0, 91) },
			want:  outcome{"expiry": warn, "billing": skip}, says: "more than 90 days",
		},
		"never expires": {
			token: func(token *githubsim.Token) { token.ExpiresAt = time.Time{} },
			want:  outcome{"expiry": warn, "billing": skip}, says: "never expires",
		},
	} {
		t.Run(name, func(t *testing.T) {
			account := octo()
			if test.account != nil {
				test.account(&account)
			}
			for i := range account.Tokens {
				if test.token != nil {
					test.token(&account.Tokens[i])
				}
			}
			result := newWorld(t, account).verify(or(test.scope, copilot.Organization), or(test.slug, "octo"), or(test.pasted, classic))
			if got := statuses(result); !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			said := ""
			for _, c := range result.Checks {
				if said == "" && (c.Status == fail || c.Status == warn) {
					said = c.Detail + " " + *c.Remedy
				}
			}
			if !strings.Contains(said, test.says) {
				t.Errorf("%q does not say %q", said, test.says)
			}
		})
	}
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

func TestAForeignSecretIsSentNowhere(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"sk-admin-abcdef0123456789", "gho_16C7e42F292c6912E7710c838347Ae178B4a", "ghs_x", "AKIAIOSFODNN7EXAMPLE",
		"0123456789abcdef0123456789abcdef01234567", "ghp_with a space", "ghp_" + strings.Repeat("x", 300),
	} {
		w := newWorld(t, octo())
		result := w.verify(copilot.Organization, "octo", secret)
		if c := check(t, result, verify.CheckToken); result.OK || c.Status != fail || !strings.Contains(c.Detail, "not sent anywhere") {
			t.Errorf("%s: the check of the token is %+v, want a failure that says that the token was not sent", secret, c)
		}
		if calls := w.github.Calls(); len(calls) != 0 {
			t.Errorf("%s: GitHub was asked %v", secret, calls)
		}
	}
}

func TestARefusedTokenIsSentAtMostTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, octo())
	result := w.verify(copilot.Organization, "octo", "ghp_unknownToGitHub000000000000000000000")
	if got := statuses(result); got["token"] != fail || result.OK || result.Preview != nil {
		t.Errorf("the checks are %v, want that of the token to fail, and no preview", got)
	}
	if calls := w.github.Calls(); len(calls) > 2 {
		t.Errorf("GitHub was asked %v", calls)
	}
}
