package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestEveryRefusalHasItsCode(t *testing.T) {
	const sso = "required; url=https://github.com/orgs/octo-test/sso?authorization_request=A0B1"
	for name, test := range map[string]struct {
		status  int
		message string
		headers []string
		want    fault.Code
	}{
		"bad credentials":                {401, "Bad credentials", nil, fault.TokenRefused},
		"second factor":                  {401, "Must specify two-factor authentication OTP code.", []string{"X-GitHub-OTP", "required; app"}, fault.TokenRefused},
		"too many bad credentials":       {403, "Maximum number of login attempts exceeded. Please try again later.", nil, fault.RateLimited},
		"policy off":                     {403, "The 'Copilot usage metrics' policy must be enabled to use this API", nil, fault.PolicyOff},
		"older policy off":               {403, "Copilot Metrics API access must be enabled by an administrator.", nil, fault.PolicyOff},
		"role missing":                   {403, "Insufficient permissions. This action requires admin, or relevant organization role access.", nil, fault.NotPrivileged},
		"not an owner":                   {403, "You must be an organization owner to do that.", nil, fault.NotPrivileged},
		"no admin rights":                {403, "Must have admin rights to Repository.", nil, fault.NotPrivileged},
		"permission missing":             {403, "Resource not accessible by personal access token", nil, fault.Permission},
		"classic forbidden":              {403, "`octo-test` forbids access via a personal access token (classic). Please use a GitHub App.", nil, fault.TokenRules},
		"lives too long":                 {403, "The 'octo-test' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.", nil, fault.TokenLifetime},
		"lives too long, there":          {403, "The 'octo-test' enterprise forbids access via a personal access tokens (classic) if the token's lifetime is greater than 30 days.", nil, fault.TokenLifetime},
		"suspended person":               {403, "Sorry. Your account was suspended.", nil, fault.Suspended},
		"IP allow list":                  {403, "Although you appear to have the correct authorization credentials, the `octo-test` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.", nil, fault.IPRefused},
		"moved, not saying where":        {301, "Moved Permanently", nil, fault.Renamed},
		"moved for now":                  {307, "Temporary Redirect", nil, fault.Unexpected},
		"single sign-on":                 {403, "Resource protected by organization SAML enforcement. You must grant your token access.", []string{"X-GitHub-SSO", sso}, fault.SSORequired},
		"single sign-on, silent":         {403, "Forbidden", []string{"X-GitHub-SSO", sso}, fault.SSORequired},
		"single sign-on, in the message": {403, "Resource protected by organization SAML enforcement.", nil, fault.SSORequired},
		"single sign-on, hidden":         {404, "Not Found", []string{"X-GitHub-SSO", sso}, fault.SSORequired},
		"some other 403":                 {403, "Repository access blocked", nil, fault.Refused},
		"policy off, by a 404":           {404, "Copilot metrics API is disabled for this organization.", nil, fault.PolicyOff},
		"must expire":                    {403, "The 'octo-test' organization forbids access via a personal access tokens (classic) without an expiration date.", nil, fault.TokenLifetime},
		"single sign-on, in caps":        {403, "Forbidden", []string{"X-GitHub-SSO", "Required; url=https://github.com/orgs/x/sso"}, fault.SSORequired},
		"not found":                      {404, "Not Found", nil, fault.NotFound},
		"payment":                        {422, "There is a problem with your account's associated payment method.", nil, fault.Payment},
		"invalid request":                {422, "Invalid request.", nil, fault.Unexpected},
		"unknown version":                {400, "'2026-03-10' is not a supported API version", nil, fault.Unexpected},
		"retired version":                {410, "This version of the API is gone", nil, fault.Unexpected},
		"not modified":                   {304, "", nil, fault.NotGitHub},
		"not yet":                        {202, "", nil, fault.Unexpected},
		"server error":                   {500, "Server Error", nil, fault.Unreachable},
		"bad gateway":                    {502, "Server Error", nil, fault.Unreachable},
		"unavailable":                    {503, "Server Error", nil, fault.Unreachable},
		"gateway time-out":               {504, "Server Error", nil, fault.Unreachable},
		"a status of a proxy":            {501, "Server Error", nil, fault.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			client := answering(t, refuse(test.status, test.message, test.headers...))
			_, err := client.FindOrganization(t.Context(), org.Slug)
			check(t, err, test.want)
			if said := asError(t, err).Said; test.status >= 400 && said != test.message {
				t.Errorf("GitHub's message is %q", said)
			}
			if !strings.Contains(err.Error(), test.message) {
				t.Errorf("the error lacks GitHub's message: %v", err)
			}
		})
	}
}

// Every refusal of GitHub has a message in JSON. Anything else comes from a proxy in between, and says nothing about the token.
func TestARefusalThatIsNotGitHubsIsANetworkFault(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"<!DOCTYPE html><title>Blocked by administrative rules</title>", "Access denied by proxy", "", "null", `{"message":" \n"}`, `{"error":"blocked"}`, `{"message":""}`,
		`["Forbidden"]`, `{"message":"cut`, `"Bad credentials"`, `{"message":{"text":"Bad credentials"}}`,
	} {
		for _, status := range []int{400, 401, 403, 404, 407, 410, 422, 429, 451, 511} {
			err := find(t.Context(), answering(t, respond(status, body)), org.Slug)
			check(t, err, fault.NotGitHub)
			if want := fmt.Sprintf("look the organization up: not_github: the answer, with status %d, is not GitHub's", status); err.Error() != want {
				t.Errorf("%d %s: %q, want %q", status, body, err, want)
			}
			if asError(t, err).Said != "" {
				t.Errorf("%d %s: text of somebody else is reported as GitHub's: %q", status, body, asError(t, err).Said)
			}
		}
		check(t, find(t.Context(), answering(t, respond(503, body)), org.Slug), fault.Unreachable)
	}
}

// A proxy in between may ask us to wait. The client waits, but does not report GitHub's rate limit.
func TestAProxysLimitIsObeyedAndNotReportedAsGitHubs(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 429} {
		for _, body := range []string{"<html>Too many requests</html>", "slow down", "", `{"error":"rate limit"}`} {
			for _, headers := range [][]string{
				{"Retry-After", "600"},
				{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", inSeconds(600)},
			} {
				gh := serve(t, respond(status, body, headers...))
				client := connect(t, gh.URL)
				for range 2 {
					err := find(t.Context(), client, org.Slug)
					check(t, err, fault.NotGitHub)
					if got := asError(t, err); got.RetryAfter != 10*time.Minute || got.Hint != "" {
						t.Errorf("%d %s %s: got %+v", status, body, headers, got)
					}
				}
				if n := len(gh.seen()); n != 1 {
					t.Errorf("%d %s %s: asked %d times", status, body, headers, n)
				}
			}
		}
	}
}

func TestGitHubsMessageTellsWhoseRuleATokenBreaks(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]fault.Rule{
		"`octo-test` forbids access via a personal access token (classic). Please use a GitHub App.":                                                                      {Owner: "octo-test"},
		"The 'octo-test' organization forbids access via a personal access tokens (classic) if the token's lifetime is greater than 30 days. Please adjust it":            {Owner: "octo-test", OwnedBy: "organization", MaxDays: 30},
		"The 'Octo's \"Big\" Inc.' enterprise forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.":                 {Owner: `Octo's "Big" Inc.`, OwnedBy: "enterprise", MaxDays: 366},
		"The 'Octo' enterprise forbids access via a personal access token (classic).":                                                                                     {Owner: "Octo", OwnedBy: "enterprise"},
		"The ‘octo-test’ organization forbids access via a personal access tokens (classic) if the token’s lifetime is greater than 1,000 days.":                          {Owner: "octo-test", OwnedBy: "organization", MaxDays: 1000},
		"Although you appear to have the correct authorization credentials, the `octo-inc` enterprise has an IP allow list enabled, and your IP address is not permitted": {Owner: "octo-inc", OwnedBy: "enterprise"},
		"Something forbids access via a token if its lifetime is greater than 1 day.":                                                                                     {MaxDays: 1},
	} {
		got := asError(t, find(t.Context(), answering(t, refuse(403, message)), org.Slug)).Rule
		if got == nil || *got != want {
			t.Errorf("%s: got %+v, want %+v", message, got, want)
		}
	}
}

func TestARefusalKeepsTheSufficientPermissions(t *testing.T) {
	const accepts = "organization_copilot_metrics=read; organization_administration=read"
	client := answering(t, refuse(http.StatusForbidden, "Resource not accessible by personal access token",
		"X-Accepted-GitHub-Permissions", accepts))
	_, err := client.FindOrganization(t.Context(), org.Slug)
	check(t, err, fault.Permission)
	if got := asError(t, err).Accepts; got != accepts {
		t.Errorf("accepts %q", got)
	}
}

func TestAnAPIRedirectIsNotFollowed(t *testing.T) {
	elsewhere := serve(t, respond(http.StatusOK, octocat))
	for _, status := range []int{301, 302, 303, 307, 308} {
		check(t, find(t.Context(), answering(t, respond(status, "")), org.Slug), fault.NotGitHub) // it does not say where to
		for location, want := range map[string]fault.Code{
			elsewhere.URL + "/user":                  fault.NotGitHub,
			elsewhere.URL + "/orgs/octo?sig=CANARY":  fault.NotGitHub,
			"/user2":                                 fault.Unexpected,
			"/organizations/4711":                    fault.Unexpected, // the call was not about an account
			"http://[bad?sig=CANARY token=" + canary: fault.Unreachable,
		} {
			gh := serve(t, respond(status, "", "Location", location))
			_, err := connect(t, gh.URL).Identity(t.Context())
			check(t, err, want)
			if n := len(gh.seen()); n != 1 {
				t.Errorf("%d to %s: asked %d times", status, location, n)
			}
		}
	}
	if n := len(elsewhere.seen()); n != 0 {
		t.Errorf("the other host was called %d times", n)
	}
}

func TestTheErrorOfARenamedAccountHasItsNewName(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]copilot.Profile{
		"/organizations/4711/copilot/billing?sig=CANARY": {ID: "4711", Slug: "octo-new"},
		"/orgs/octo-new":      {ID: "4711", Slug: "octo-new"},
		"/organizations/4712": {},
	} {
		client := connect(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/organizations/4711", "/orgs/octo-new":
				respond(200, `{"id":4711,"login":"octo-new"}`)(w, r)
			case "/organizations/4712":
				respond(404, `{"message":"Not Found"}`)(w, r)
			default:
				respond(301, `{"message":"Moved Permanently"}`, "Location", location)(w, r)
			}
		}).URL)
		got, err := client.FindOrganization(t.Context(), "octo")
		check(t, err, fault.Renamed)
		if got != want {
			t.Errorf("%s: got %+v, want %+v", location, got, want)
		}
	}
	client := answering(t, respond(301, "", "Location", "/enterprises/octo-new/copilot/billing/seats"))
	_, _, err := client.Seats(t.Context(), copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Enterprise, Slug: "octo"}, 1)
	check(t, err, fault.Renamed)
	if !strings.HasSuffix(err.Error(), "it is now at /enterprises/octo-new") {
		t.Errorf("got %v, want the new name /enterprises/octo-new", err)
	}
}

// Only a permanent redirect gives an account a new name.
func TestATemporaryRedirectGivesNoNewName(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		want := fault.Unexpected
		if status == 301 || status == 308 {
			want = fault.Renamed
		}
		for _, path := range []string{"/organizations/4711", "/orgs/octo-new"} {
			check(t, find(t.Context(), answering(t, respond(status, `{"message":"Moved"}`, "Location", path)), org.Slug), want)
		}
		check(t, find(t.Context(), answering(t, refuse(status, "Moved")), org.Slug), want)
		same := "/orgs/" + strings.ToUpper(org.Slug)
		check(t, find(t.Context(), answering(t, respond(status, "", "Location", same)), org.Slug), fault.Unexpected)
	}
}

func TestAMessageWithTheTokenInAnySpellingIsNotPassedOn(t *testing.T) {
	t.Parallel()
	half := len(canary) / 2
	for _, message := range []string{
		"no access with " + canary[:half] + " " + canary[half:], canary[:half] + "\n\t" + canary[half:] + " is refused", "x" + strings.ToUpper(canary),
		canary[:half] + "\u200b" + canary[half:], canary[:half] + "…" + canary[half:], strings.Join(strings.Split(canary, ""), " "), canary[:8] + "_-." + canary[8:],
	} {
		err := find(t.Context(), answering(t, refuse(403, message)), org.Slug)
		check(t, err, fault.Refused)
		if said := asError(t, err).Said; said != "[words that hold the token]" {
			t.Errorf("GitHub's message %q is passed on as %q", message, said)
		}
	}
	for message, want := range map[string]string{
		"no access with " + canary + ".":         "no access with [token].",
		"use gho_16C7e42F292c6912E7710c838347Ae": "use [token]",
	} {
		if said := asError(t, find(t.Context(), answering(t, refuse(403, message)), org.Slug)).Said; said != want {
			t.Errorf("GitHub's message %q is passed on as %q", message, said)
		}
	}
}

func TestGitHubsMessageIsCutToOneShortLine(t *testing.T) {
	message := "first\nsecond\x1b[31m " + strings.Repeat("länge ", 200) + canary
	_, err := answering(t, refuse(http.StatusForbidden, message)).FindOrganization(t.Context(), org.Slug)
	check(t, err, fault.Refused)
	words := asError(t, err).Err.Error()
	if !strings.HasPrefix(words, "first second [31m länge") || !strings.HasSuffix(words, "…") || len([]rune(words)) > 301 {
		t.Errorf("GitHub's message becomes %q", words)
	}
}
