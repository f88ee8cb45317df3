package github_test

import (
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestThePlanOfAnOrganization(t *testing.T) {
	for plan, want := range map[githubsim.Plan]copilot.Plan{
		githubsim.PlanBusiness: copilot.PlanBusiness, githubsim.PlanEnterprise: copilot.PlanEnterprise, githubsim.PlanUnknown: copilot.PlanUnknown,
	} {
		_, client := simulate(t, func(a *githubsim.Account) { a.Plan = plan })
		got, err := client.Subscription(t.Context(), org.Slug)
		check(t, err, "")
		if got != want {
			t.Errorf("%s: %s, want %s", plan, got, want)
		}
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    fault.Code
	}{
		"none named":  {respond(200, `{"seat_breakdown":{"total":3}}`), ""},
		"payment":     {refuse(422, "There is a problem with your account's associated payment method."), fault.Payment},
		"no Copilot":  {refuse(404, "Not Found"), fault.NotFound},
		"wrong type":  {respond(200, `{"plan_type":1}`), fault.Unexpected},
		"not allowed": {refuse(403, "Resource not accessible by personal access token"), fault.Permission},
	} {
		plan, err := answering(t, test.handler).Subscription(t.Context(), org.Slug)
		if check(t, err, test.want); plan != copilot.PlanUnknown {
			t.Errorf("%s: plan %s", name, plan)
		}
	}
}

func TestTheRoleOfTheTokensOwner(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    credential.Role
		code    fault.Code
	}{
		"owner":              {respond(200, `{"state":"active","role":"admin"}`), credential.RoleOwner, ""},
		"member":             {respond(200, `{"state":"active","role":"member"}`), credential.RoleMember, ""},
		"invited":            {respond(200, `{"state":"pending","role":"admin"}`), credential.RoleInvited, ""},
		"an unknown role":    {respond(200, `{"state":"active","role":"billing_manager"}`), credential.RoleUnknown, ""},
		"no role":            {respond(200, `{}`), credential.RoleUnknown, ""},
		"not affiliated":     {refuse(404, "Not Found"), credential.RoleNone, ""},
		"not allowed to ask": {refuse(403, "Resource not accessible by personal access token"), credential.RoleUnknown, fault.Permission},
		"single sign-on":     {refuse(404, "Not Found", "X-GitHub-SSO", "required; url=https://github.com/x"), credential.RoleUnknown, fault.SSORequired},
		"an empty answer":    {respond(204, ""), credential.RoleUnknown, fault.Unexpected},
		"GitHub fails":       {refuse(500, "Server Error"), credential.RoleUnknown, fault.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			gh := serve(t, test.handler)
			got, err := connect(t, gh.URL).Role(t.Context(), org.Slug)
			if check(t, err, test.code); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if path := gh.seen()[0].URL.String(); path != "/user/memberships/orgs/octo-test" {
				t.Errorf("requested %s", path)
			}
		})
	}
}

func TestAnOrganizationIsFoundOrNot(t *testing.T) {
	sim, client := simulate(t, nil)
	check(t, find(t.Context(), client, "octo-test"), "")
	check(t, find(t.Context(), client, "octo-tset"), fault.NotFound)
	if calls := sim.Calls(); calls[0].Path != "/orgs/octo-test" {
		t.Errorf("requested %s", calls[0].Path)
	}
}

func TestBilledCreditsAreRequestedByMonth(t *testing.T) {
	for want, account := range map[string]copilot.Account{
		"/organizations/octo-test/settings/billing/ai_credit/usage?year=2026&month=11": org,
		"/enterprises/octo-test/settings/billing/ai_credit/usage?year=2026&month=11":   enterprise,
	} {
		sim, client := simulate(t, func(a *githubsim.Account) { a.Kind = githubsim.Kind(account.Scope) })
		bill, err := client.Credits(t.Context(), account, mustDate("2026-11-30"))
		check(t, err, "")
		if len(bill.Items) == 0 || bill.Items[0].GrossAmount == nil || bill.Items[0].Model == "" {
			t.Errorf("the bill is %+v", bill)
		}
		if call := sim.Calls()[0]; call.Path+"?"+call.RawQuery != want {
			t.Errorf("requested %s?%s, want %s", call.Path, call.RawQuery, want)
		}
	}
	_, client := simulate(t, func(a *githubsim.Account) { a.Tokens[0].Scopes = []string{"read:org"} })
	_, err := client.Credits(t.Context(), org, day)
	check(t, err, fault.NotPrivileged)
}

func TestABillOfAnotherTimeOrAccountIsRefused(t *testing.T) {
	t.Parallel()
	const november = `"timePeriod":{"year":2026,"month":11}`
	ent := copilot.Account{Host: enterprise.Host, Scope: copilot.Enterprise, Slug: "octo-corp"}
	for _, test := range []struct {
		account copilot.Account
		of      string
		want    fault.Code
	}{
		{org, november + `,"organization":"octo-test"`, ""},
		{org, november + `,"organization":"OCTO-Test"`, ""},
		{org, november + `,"organization":"octo-test","enterprise":"octo-corp"`, ""},
		{org, november, ""},
		{org, november + `,"organization":null`, ""},
		{org, `"organization":"octo-test"`, ""},
		{org, `"timePeriod":null`, ""},
		{org, `"timePeriod":{"year":"2026","month":"11"}`, ""},
		{org, `"timePeriod":{"year":2026,"month":"11","day":null}`, ""},

		{org, `"timePeriod":{"year":2025,"month":11}`, fault.ReportBroken},
		{org, `"timePeriod":{"year":"2025","month":11}`, fault.ReportBroken},
		{org, `"timePeriod":{"year":2026,"month":10}`, fault.ReportBroken},
		{org, `"timePeriod":{"year":2026,"month":"10"}`, fault.ReportBroken},
		{org, `"timePeriod":{"year":2026}`, fault.ReportBroken}, // the bill of the whole year
		{org, `"timePeriod":{"month":11}`, fault.ReportBroken},
		{org, `"timePeriod":{}`, fault.ReportBroken},
		{org, `"timePeriod":{"year":2026,"month":11,"day":3}`, fault.ReportBroken}, // the bill of a day
		{org, `"timePeriod":{"year":2026.5,"month":11}`, fault.ReportBroken},
		{org, `"timePeriod":{"year":[2026],"month":11}`, fault.ReportBroken},
		{org, `"timePeriod":"2026-11"`, fault.Unexpected},

		{org, november + `,"organization":"octo-test-2"`, fault.ReportBroken},
		{org, november + `,"organization":"octo test"`, fault.ReportBroken},
		{org, november + `,"organization":{"login":"octo-test"}`, fault.ReportBroken},
		{org, november + `,"organization":7`, fault.ReportBroken},
		{org, november + `,"enterprise":"octo-test"`, fault.ReportBroken}, // the bill of the whole enterprise

		{org, november + `,"user":null,"product":"Copilot","model":null,"costCenter":null`, ""},
		{org, november + `,"organization":"octo-test","user":"octocat"`, fault.ReportBroken}, // a part; the next lines have other parts
		{org, november + `,"organization":"octo-test","model":"GPT-5"`, fault.ReportBroken},
		{ent, november + `,"enterprise":"octo-corp","costCenter":{"id":"7","name":"R&D"}`, fault.ReportBroken},

		{ent, november + `,"enterprise":"octo-corp"`, ""},
		{ent, november + `,"enterprise":"Octo-Corp"`, ""},
		{ent, november + `,"enterprise":"Octo Corp"`, ""}, // its display name
		{ent, november, ""},
		{ent, november + `,"enterprise":"octo-corp-2"`, fault.ReportBroken},
		{ent, november + `,"enterprise":"octo-corp","organization":"octo-test"`, fault.ReportBroken}, // a part
		{ent, november + `,"organization":"octo-corp"`, fault.ReportBroken},
	} {
		body := `{` + test.of + `,"usageItems":[{"model":"GPT-5","unitType":"credits","netQuantity":1,"netAmount":0.01}]}`
		bill, err := answering(t, respond(http.StatusOK, body)).Credits(t.Context(), test.account, mustDate("2026-11-30"))
		if fault.CodeOf(err) != test.want || (bill != nil) != (test.want == "") {
			t.Errorf("%s of %s %s: %v", test.of, test.account.Scope, test.account.Slug, err)
		}
	}
}

func TestAContradictoryAnswerIsRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"usageItems":[],"usageItems":[]}`,
		`{"usageItems":[{"model":"GPT-5","netAmount":1,"netAmount":424242}]}`,
		`{"timePeriod":{"year":2025,"year":2026,"month":11},"usageItems":[]}`,
		`{"organization":"another","organization":"octo-test","usageItems":[]}`,
		`{"usageItems":[]}{}`,
		`{"UsageItems":[]}`, // is not the field usageItems
	} {
		_, err := answering(t, respond(http.StatusOK, body)).Credits(t.Context(), org, mustDate("2026-11-30"))
		if !fault.Is(err, fault.Unexpected) {
			t.Errorf("%s: got %v, want code unexpected", body, err)
		}
	}
	bill, err := answering(t, respond(http.StatusOK, `{"usageItems":[{"netAmount":1,"NetAmount":424242,"new":{}}]}`)).Credits(t.Context(), org, mustDate("2026-11-30"))
	check(t, err, "")
	if got := bill.Items[0].NetAmount.String(); got != "1" {
		t.Errorf("the amount is %s; it comes from a field with another spelling", got)
	}
	for _, body := range []string{
		`{"total_seats":1,"total_seats":424242,"seats":[{}]}`,
		`{"total_seats":1,"seats":[{"assignee":{"id":1,"id":2}}]}`,
		`{"total_seats":1,"seats":[{"plan_type":"business","plan_type":"enterprise"}]}`,
	} {
		if _, _, err := answering(t, respond(http.StatusOK, body)).Seats(t.Context(), org, 1); !fault.Is(err, fault.Unexpected) {
			t.Errorf("%s: got %v, want code unexpected", body, err)
		}
	}
}
