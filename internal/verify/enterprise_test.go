package verify_test

import (
	"maps"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestEnterprises(t *testing.T) {
	t.Parallel()
	const partial = "partial-results; organizations=21955855"
	for name, test := range map[string]struct {
		token   githubsim.Token
		answers answers
		want    outcome
		says    string
	}{
		"healthy": {token: scoped("read:enterprise"), want: outcome{"billing": skip}},
		"fine-grained, refused": {
			token: owner(fineGrained),
			want:  outcome{"permission": fail, "account": skip, "policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip},
			says:  "no fine-grained token",
		},
		"fine-grained, hidden": {
			token: owner(fineGrained), answers: answers{{"^/enterprises/", 404, missing, nil}},
			want: outcome{"permission": fail, "account": skip, "policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip},
			says: "no fine-grained token",
		},
		"fine-grained, if GitHub accepts it one day": {
			token: owner(fineGrained), answers: answers{{"^/enterprises/", 204, "", nil}},
			want: outcome{"usage": warn, "users": skip, "seats": warn, "billing": warn}, says: "no report for any",
		},
		"fine-grained, and revoked during Verify": {
			token: owner(fineGrained), answers: answers{{"^/enterprises/", 401, `{"message":"Bad credentials"}`, nil}},
			want: outcome{
				"token": fail, "permission": skip, "account": skip, "policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip,
			},
			says: "refuses the token",
		},
		"missing scope": {
			token: scoped("repo"),
			want:  outcome{"permission": fail, "account": skip, "policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip},
			says:  "read:enterprise",
		},
		"nothing readable": {
			token: scoped("read:enterprise"), answers: answers{{"^/enterprises/", 404, missing, nil}},
			want: outcome{"account": fail, "policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip},
			says: "or it has no Copilot",
		},
		"organizations left out of the seats": {
			token:   scoped("read:enterprise"),
			answers: answers{{"/seats$", 200, `{"total_seats":0,"seats":[]}`, []string{"X-GitHub-SSO", partial}}},
			want:    outcome{"sso": warn, "seats": warn, "billing": skip}, says: "organizations=21955855",
		},
		"organizations left out of the seats, and no report yet": {
			token: scoped("read:enterprise"),
			answers: answers{
				{"/seats$", 200, `{"total_seats":0,"seats":[]}`, []string{"X-GitHub-SSO", partial}}, {reportCalls, 404, missing, nil},
			},
			want: outcome{"sso": warn, "usage": warn, "users": skip, "seats": warn, "billing": skip}, says: "no report for any",
		},
	} {
		t.Run(name, func(t *testing.T) {
			account := githubsim.Account{
				Kind: githubsim.Enterprise, Slug: "octo-inc", Plan: githubsim.PlanEnterprise, Seats: 30, Tokens: []githubsim.Token{test.token},
			}
			w := newWorld(t, account)
			w.github.Intercept(test.answers.intercept)
			result := w.verify(copilot.Enterprise, "octo-inc", test.token.Value)
			if got := statuses(result); !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			mustSay(t, result, test.says)
		})
	}
}
