package github_test

import (
	"net/http"
	"strings"
	"testing"

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
		"bad credentials":        {401, "Bad credentials", nil, fault.TokenRefused},
		"second factor":          {401, "Must specify two-factor authentication OTP code.", []string{"X-GitHub-OTP", "required; app"}, fault.TokenRefused},
		"too many bad ones":      {403, "Maximum number of login attempts exceeded. Please try again later.", nil, fault.RateLimited},
		"policy off":             {403, "The 'Copilot usage metrics' policy must be enabled to use this API", nil, fault.PolicyOff},
		"older policy off":       {403, "Copilot Metrics API access must be enabled by an administrator.", nil, fault.PolicyOff},
		"role missing":           {403, "Insufficient permissions. This action requires admin, or relevant organization role access.", nil, fault.NotPrivileged},
		"not an owner":           {403, "You must be an organization owner to do that.", nil, fault.NotPrivileged},
		"no admin rights":        {403, "Must have admin rights to Repository.", nil, fault.NotPrivileged},
		"permission missing":     {403, "Resource not accessible by personal access token", nil, fault.Permission},
		"classic forbidden":      {403, "`octo-test` forbids access via a personal access token (classic). Please use a GitHub App.", nil, fault.TokenRules},
		"lives too long":         {403, "The 'octo-test' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.", nil, fault.TokenRules},
		"lives too long, there":  {403, "The 'octo-test' enterprise forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 30 days.", nil, fault.TokenRules},
		"single sign-on":         {403, "Resource protected by organization SAML enforcement. You must grant your token access.", []string{"X-GitHub-SSO", sso}, fault.SSORequired},
		"single sign-on, silent": {403, "Forbidden", []string{"X-GitHub-SSO", sso}, fault.SSORequired},
		"single sign-on, worded": {403, "Resource protected by organization SAML enforcement.", nil, fault.SSORequired},
		"single sign-on, hidden": {404, "Not Found", []string{"X-GitHub-SSO", sso}, fault.SSORequired},
		"some other 403":         {403, "Repository access blocked", nil, fault.Refused},
		"not found":              {404, "Not Found", nil, fault.NotFound},
		"payment":                {422, "There is a problem with your account's associated payment method.", nil, fault.Payment},
		"invalid request":        {422, "Invalid request.", nil, fault.Unexpected},
		"unknown version":        {400, "'2026-03-10' is not a supported API version", nil, fault.Unexpected},
		"retired version":        {410, "This version of the API is gone", nil, fault.Unexpected},
		"not modified":           {304, "", nil, fault.Unexpected},
		"not yet":                {202, "", nil, fault.Unexpected},
		"server error":           {500, "Server Error", nil, fault.Unreachable},
		"bad gateway":            {502, "Server Error", nil, fault.Unreachable},
		"unavailable":            {503, "Server Error", nil, fault.Unreachable},
		"gateway time-out":       {504, "Server Error", nil, fault.Unreachable},
		"not implemented":        {501, "Server Error", nil, fault.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			client := answering(t, refuse(test.status, test.message, test.headers...))
			err := client.FindOrganization(t.Context(), org.Slug)
			check(t, err, test.want)
			if !strings.Contains(err.Error(), test.message) {
				t.Errorf("GitHub's words are lost: %v", err)
			}
		})
	}
}

func TestARefusalThatIsNotJSONIsToldByItsStatus(t *testing.T) {
	for status, want := range map[int]struct {
		code fault.Code
		text string
	}{
		400: {fault.Unexpected, "look the organization up: unexpected_answer: it answered with status 400"},
		403: {fault.Refused, "look the organization up: refused"},
		404: {fault.NotFound, "look the organization up: not_found"},
		503: {fault.Unreachable, "look the organization up: github_unreachable: it answered with status 503"},
	} {
		err := answering(t, respond(status, "<!DOCTYPE html>")).FindOrganization(t.Context(), org.Slug)
		check(t, err, want.code)
		if got := err.Error(); got != want.text {
			t.Errorf("%d: %q, want %q", status, got, want.text)
		}
	}
}

func TestARefusalKeepsThePermissionsThatWouldHaveSufficed(t *testing.T) {
	const accepts = "organization_copilot_metrics=read; organization_administration=read"
	client := answering(t, refuse(http.StatusForbidden, "Resource not accessible by personal access token",
		"X-Accepted-GitHub-Permissions", accepts))
	err := client.FindOrganization(t.Context(), org.Slug)
	check(t, err, fault.Permission)
	if got := asError(t, err).Accepts; got != accepts {
		t.Errorf("accepts %q", got)
	}
}

func TestAnAPIRedirectIsNotFollowed(t *testing.T) {
	elsewhere := serve(t, respond(http.StatusOK, octocat))
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{elsewhere.URL + "/user", "/user2", "http://[bad?sig=CANARY token=" + canary} {
			gh := serve(t, respond(status, "", "Location", location))
			_, err := connect(t, gh.URL).Identity(t.Context())
			if !strings.Contains(location, "bad") {
				check(t, err, fault.Unexpected)
			} else {
				check(t, err, fault.Unreachable)
			}
			if n := len(gh.seen()); n != 1 {
				t.Errorf("%d to %s: asked %d times", status, location, n)
			}
		}
	}
	if n := len(elsewhere.seen()); n != 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestGitHubsWordsAreOneShortLine(t *testing.T) {
	message := "first\nsecond\x1b[31m " + strings.Repeat("länge ", 200) + canary
	err := answering(t, refuse(http.StatusForbidden, message)).FindOrganization(t.Context(), org.Slug)
	check(t, err, fault.Refused)
	words := asError(t, err).Err.Error()
	if !strings.HasPrefix(words, "first second [31m länge") || !strings.HasSuffix(words, "…") || len([]rune(words)) > 301 {
		t.Errorf("%q", words)
	}
}
