//go:build !race

package adminapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestBadInputIsRefusedByFieldAndNeverReachesGitHub(t *testing.T) {
	t.Parallel()
	valid := map[string]string{"token": `"` + canary + `"`, "scope": `"organization"`, "slug": `"octo-demo"`}
	with := func(field, value string) string {
		var parts []string
		for name, v := range valid {
			if name != field {
				parts = append(parts, `"`+name+`":`+v)
			}
		}
		if value != "" {
			parts = append(parts, `"`+field+`":`+value)
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	for name, test := range map[string]struct {
		body   string
		fields []string
	}{
		"nothing":                      {``, []string{"body"}},
		"not JSON":                     {`token=` + canary, []string{"body"}},
		"an array":                     {`[]`, []string{"body"}},
		"null":                         {`null`, []string{"body"}},
		"an empty object":              {`{}`, []string{"token", "scope", "slug"}},
		"two objects":                  {with("", "") + `{}`, []string{"body"}},
		"deep nesting":                 {`{"token":` + strings.Repeat("[", 8000), []string{"body"}},
		"unknown field":                {with("organisation", `"octo-demo"`), []string{"organisation"}},
		"token as the name of a field": {with(canary, `1`), []string{"body"}},
		"token of the wrong type":      {with("token", `17`), []string{"token"}},
		"token of spaces":              {with("token", `"  \n "`), []string{"token"}},
		"unknown scope":                {with("scope", `"user"`), []string{"scope"}},
		"no scope":                     {with("scope", ``), []string{"scope"}},
		"slug with a slash":            {with("slug", `"octo/../x"`), []string{"slug"}},
		"slug with dots":               {with("slug", `".."`), []string{"slug"}},
		"slug with an escape":          {with("slug", `"octo%2fdemo"`), []string{"slug"}},
		"slug with a query":            {with("slug", `"octo?x=1"`), []string{"slug"}},
		"slug in Unicode":              {with("slug", `"осto-demo"`), []string{"slug"}},
		"slug with a line break":       {with("slug", `"octo\n"`), []string{"slug"}},
		"slug too long":                {with("slug", `"`+strings.Repeat("a", 101)+`"`), []string{"slug"}},
		"token in the slug's place":    {with("slug", `"`+canary+`"`), []string{"slug"}},
		"another host":                 {with("host", `"evil.example"`), []string{"host"}},
		"an address as the host":       {with("host", `"169.254.169.254"`), []string{"host"}},
		"a host that only ends right":  {with("host", `"evil.example/.ghe.com"`), []string{"host"}},
		"a deeper host":                {with("host", `"api.octo.ghe.com"`), []string{"host"}},
		"a host with a port":           {with("host", `"octo.ghe.com:8443"`), []string{"host"}},
		"a host with a user":           {with("host", `"x@octo.ghe.com"`), []string{"host"}},
		"a URL as the host":            {with("host", `"https://github.com"`), []string{"host"}},
		"idle after no days":           {with("idleAfterDays", `0`), []string{"idleAfterDays"}},
		"idle after a fraction":        {with("idleAfterDays", `1.5`), []string{"idleAfterDays"}},
		"idle after too many days":     {with("idleAfterDays", `366`), []string{"idleAfterDays"}},
		"an address with a name":       {with("notifyEmails", `["A <a@example.com>"]`), []string{"notifyEmails"}},
		"an invalid address":           {with("notifyEmails", `["a@example.com","b"]`), []string{"notifyEmails"}},
		"too many addresses":           {with("notifyEmails", `["a@example.com"`+strings.Repeat(`,"a@example.com"`, 10)+`]`), []string{"notifyEmails"}},
		"several faults at once":       {`{"token":"` + canary + `","scope":"x","slug":"/","host":"y"}`, []string{"scope", "slug", "host"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t)
			got := a.verify(test.body)
			var fields []string
			for _, e := range got.Errors {
				fields = append(fields, e.Field)
			}
			if got.status != http.StatusBadRequest || got.Code != "invalid_input" || !slices.Equal(fields, test.fields) {
				t.Errorf("got %d with fields %v: %s, want 400 invalid_input", got.status, fields, got.body)
			}
			if calls := a.github.Calls(); len(calls) != 0 {
				t.Errorf("GitHub was asked: %v", calls)
			}
		})
	}
}

func TestABodyOver16KiBIsTooLarge(t *testing.T) {
	t.Parallel()
	got := start(t).verify(`{"token":"` + strings.Repeat("x", 16<<10) + `"}`)
	if got.status != http.StatusRequestEntityTooLarge || got.Code != "too_large" {
		t.Errorf("got %d %s, want 413 too_large", got.status, got.body)
	}
}

func TestVerifyAcceptsTheFormOfSave(t *testing.T) {
	t.Parallel()
	healthy := githubsim.Scenarios(noon)[0]
	got := start(t).verify(`{"token":" ` + healthy.Token + `\n","scope":"organization","slug":"OCTO-demo",
		"host":"GitHub.com","notifyEmails":["a@example.com"],"idleAfterDays":7}`)
	if got.status != http.StatusOK || !got.OK {
		t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	if got.Account.Host != "github.com" || got.Account.Slug != "OCTO-demo" || got.Preview.Seats.IdleAfterDays != 7 {
		t.Errorf("the account is %+v, idle after %d days; want OCTO-demo and 7", got.Account, got.Preview.Seats.IdleAfterDays)
	}
}

func TestTheSlugMayBePastedAsAnAddress(t *testing.T) {
	t.Parallel()
	a := start(t)
	organization, enterprise := githubsim.Scenarios(noon)[0].Token, githubsim.Scenarios(noon)[2].Token
	for _, test := range []struct{ token, rest, scope, slug string }{
		{organization, `"scope":"organization","slug":"https://github.com/octo-demo"`, "organization", "octo-demo"},
		{organization, `"slug":" https://github.com/orgs/octo-demo/people "`, "organization", "octo-demo"},
		{organization, `"scope":"enterprise","slug":"github.com/organizations/octo-demo/settings"`, "organization", "octo-demo"},
		{enterprise, `"slug":"github.com/enterprises/octo-enterprise","host":""`, "enterprise", "octo-enterprise"},
		{enterprise, `"scope":"organization","slug":"github.com/enterprises/octo-enterprise","host":"github.com"`, "enterprise", "octo-enterprise"},
		{organization, `"scope":"organization","slug":" octo-demo "`, "organization", "octo-demo"},
	} {
		got := a.verify(`{"token":"` + test.token + `",` + test.rest + `}`)
		if got.status != http.StatusOK || !got.OK || string(got.Account.Scope) != test.scope || got.Account.Slug != test.slug || got.Account.Host != "github.com" {
			t.Errorf("%s got %d, %+v", test.rest, got.status, got.Account)
		}
	}
	for rest, field := range map[string]string{
		`"slug":"https://github.com/octo-demo"`:                                                         "scope", // the address does not tell whether octo-demo is an organization
		`"slug":"octo-demo"`:                                                                            "scope",
		`"scope":"org","slug":"https://github.com/orgs/octo-demo"`:                                      "scope",
		`"slug":"https://octo.ghe.com/orgs/octo-demo","host":"github.com"`:                              "host",
		`"scope":"organization","slug":"https://gitlab.com/octo-demo"`:                                  "slug",
		`"scope":"organization","slug":"https://github.com/octo-demo/a-repository","host":"github.com"`: "slug",
	} {
		got := a.verify(`{"token":"` + organization + `",` + rest + `}`)
		if got.status != http.StatusBadRequest || len(got.Errors) != 1 || got.Errors[0].Field != field {
			t.Errorf("%s got %d %s, want 400", rest, got.status, got.body)
		}
	}
}
