package github_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

const octocat = `{"login":"octocat","id":1}`

func TestIdentityNamesTheTokensOwnerScopesAndExpiry(t *testing.T) {
	expires := time.Date(2026, 12, 19, 22, 56, 58, 0, time.FixedZone("", 2*60*60))
	_, client := simulate(t, func(a *githubsim.Account) {
		a.Tokens[0].Scopes, a.Tokens[0].ExpiresAt = []string{"repo", "manage_billing:copilot", "read:org"}, expires
	})
	got, err := client.Identity(t.Context())
	check(t, err, "")
	want := credential.Identity{
		Login: "octo-owner", Scopes: []string{"manage_billing:copilot", "read:org", "repo"}, ExpiresAt: new(expires.UTC()),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
}

func TestScopesAreNilOnlyIfGitHubSendsNone(t *testing.T) {
	// The scopes are in GitHub's order. The list of all scopes is longer than 300 characters.
	every := "admin:enterprise, admin:gpg_key, admin:org, admin:org_hook, admin:public_key, admin:repo_hook, " +
		"admin:ssh_signing_key, audit_log, codespace, copilot, delete:packages, delete_repo, gist, notifications, project, " +
		"read:audit_log, read:discussion, read:enterprise, read:org, repo, user, workflow, write:discussion, " +
		"write:network_configurations, write:packages"
	for name, test := range map[string]struct {
		headers []string
		want    []string
	}{
		"absent":  {nil, nil},
		"empty":   {[]string{"X-OAuth-Scopes", ""}, []string{}},
		"one":     {[]string{"X-OAuth-Scopes", "read:org"}, []string{"read:org"}},
		"several": {[]string{"X-OAuth-Scopes", "repo,  gist,, admin:org "}, []string{"admin:org", "gist", "repo"}},
		"all": {[]string{"X-OAuth-Scopes", every}, []string{
			"admin:enterprise", "admin:gpg_key", "admin:org", "admin:org_hook", "admin:public_key", "admin:repo_hook",
			"admin:ssh_signing_key", "audit_log", "codespace", "copilot", "delete:packages", "delete_repo", "gist", "notifications", "project",
			"read:audit_log", "read:discussion", "read:enterprise", "read:org", "repo", "user", "workflow", "write:discussion",
			"write:network_configurations", "write:packages",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := answering(t, respond(http.StatusOK, octocat, test.headers...)).Identity(t.Context())
			check(t, err, "")
			if diff := cmp.Diff(test.want, got.Scopes); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnUnreadableExpiryIsNotTakenForNone(t *testing.T) {
	const unreadable = "unreadable"
	for header, want := range map[string]string{
		"2026-12-19 22:56:58 UTC":       "2026-12-19T22:56:58Z",
		"2026-12-19 22:56:58 +0200":     "2026-12-19T20:56:58Z",
		"2026-12-19 22:56:58 -07:00":    "2026-12-20T05:56:58Z",
		"2026-12-19 22:56:58 +02":       "2026-12-19T20:56:58Z",
		"2026-12-19T22:56:58Z":          "2026-12-19T22:56:58Z",
		"2026-12-19T22:56:58+05:30":     "2026-12-19T17:26:58Z",
		"  2026-12-19 22:56:58 UTC ":    "2026-12-19T22:56:58Z",
		"2026-12-19 22:56:58 CET":       unreadable,
		"2026-12-19 22:56:58 PST":       unreadable,
		"2026-12-19 22:56:58":           unreadable,
		"2026-02-30 00:00:00 UTC":       unreadable,
		"2026-12-19 22:56:58 UTC +0000": unreadable,
		"1797720000":                    unreadable,
		"never":                         unreadable,
		"":                              unreadable,
	} {
		client := answering(t, respond(http.StatusOK, octocat, "GitHub-Authentication-Token-Expiration", header))
		identity, err := client.Identity(t.Context())
		check(t, err, "")
		got := "none"
		if identity.ExpiryUnreadable {
			got = unreadable
		} else if identity.ExpiresAt != nil {
			got = identity.ExpiresAt.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
	identity, err := answering(t, respond(http.StatusOK, octocat)).Identity(t.Context())
	check(t, err, "")
	if identity.ExpiresAt != nil || identity.ExpiryUnreadable {
		t.Errorf("without the header: %+v", identity)
	}
}

func TestIdentityReadsTheHeadersOfARefusalToo(t *testing.T) {
	for status, code := range map[int]fault.Code{
		http.StatusUnauthorized: fault.TokenRefused, http.StatusForbidden: fault.Refused,
	} {
		client := answering(t, refuse(status, "No",
			"X-OAuth-Scopes", "repo", "GitHub-Authentication-Token-Expiration", "2026-12-19 22:56:58 UTC"))
		got, err := client.Identity(t.Context())
		check(t, err, code)
		want := credential.Identity{Scopes: []string{"repo"}, ExpiresAt: new(time.Date(2026, 12, 19, 22, 56, 58, 0, time.UTC))}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the identity of an answer %d (-want +got):\n%s", status, diff)
		}
	}
}

func TestASignInPageIsNotGitHubsAnswer(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"<!DOCTYPE html><title>Sign in</title>", " \n<html>", `<?xml version="1.0"?><Error/>`} {
		_, err := answering(t, respond(http.StatusOK, page, "Content-Type", "text/html")).Identity(t.Context())
		check(t, err, fault.NotGitHub)
	}
}

func TestAnAnswerWithoutAUserIsUnexpected(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"array":          respond(http.StatusOK, "["+octocat+"]"),
		"empty":          respond(http.StatusOK, ""),
		"no content":     respond(http.StatusNoContent, ""),
		"null":           respond(http.StatusOK, "null"),
		"no login":       respond(http.StatusOK, `{"id":1}`),
		"login not text": respond(http.StatusOK, `{"login":7}`),
		"two objects":    respond(http.StatusOK, octocat+octocat),
		"cut object":     respond(http.StatusOK, `{"login":"octo`),
	} {
		t.Run(name, func(t *testing.T) {
			identity, err := answering(t, handler).Identity(t.Context())
			check(t, err, fault.Unexpected)
			if identity.Login != "" {
				t.Errorf("login %q", identity.Login)
			}
		})
	}
}
