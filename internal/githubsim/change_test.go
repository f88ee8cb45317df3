package githubsim_test

import (
	"net/http"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestAnAccountChangesWhileItIsServed(t *testing.T) {
	const usage, seats, second = orgReports + "users-1-day?day=2026-11-20", "/orgs/octo-test/copilot/billing/seats", "ghp_second"
	gh := start(t, organization(nil))
	link := read[envelope](gh, usage).Links[0]
	for _, step := range []struct {
		name                   string
		change                 func(*githubsim.Account)
		user, usage, seats, by int // user, usage, by: status for the token; seats: status for a second token
	}{
		{"as it began", func(*githubsim.Account) {}, 200, 200, 200, 401},
		{"policy off", func(a *githubsim.Account) { a.PolicyOff = true }, 200, 403, 200, 401},
		{"policy on", func(a *githubsim.Account) { a.PolicyOff = false }, 200, 200, 200, 401},
		{"single sign-on", func(a *githubsim.Account) { a.SSO = true }, 200, 403, 403, 401},
		{"authorised", func(a *githubsim.Account) { a.Tokens[0].SSOAuthorized = true }, 200, 200, 200, 401},
		{"authorisation withdrawn", func(a *githubsim.Account) { a.Tokens[0].SSOAuthorized = false }, 200, 403, 403, 401},
		{"no single sign-on", func(a *githubsim.Account) { a.SSO = false }, 200, 200, 200, 401},
		{"a scope less", func(a *githubsim.Account) { a.Tokens[0].Scopes[0] = "repo" }, 200, 403, 200, 401},
		{"a scope more", func(a *githubsim.Account) { a.Tokens[0].Scopes[0] = "admin:org" }, 200, 200, 200, 401},
		{"a second token", func(a *githubsim.Account) {
			a.Tokens = append(a.Tokens, githubsim.Token{Value: second, Login: "octo-second", Scopes: []string{"read:org"}})
		}, 200, 200, 200, 200},
		{"the first revoked", func(a *githubsim.Account) { a.Tokens[0].Revoked = true }, 401, 401, 401, 200},
		{"no Copilot", func(a *githubsim.Account) { a.Plan = githubsim.PlanNone }, 401, 401, 401, 404},
		{"both tokens gone", func(a *githubsim.Account) { a.Tokens = nil }, 401, 401, 401, 401},
	} {
		gh.Change(githubsim.Organization, "Octo-Test", step.change)
		for _, asked := range []struct {
			path, token string
			status      int
		}{{"/user", classicToken, step.user}, {usage, classicToken, step.usage}, {seats, classicToken, step.seats}, {seats, second, step.by}} {
			if got := gh.get(asked.path, asked.token); got.status != asked.status {
				t.Errorf("%s: %s: %d, want %d", step.name, asked.path, got.status, asked.status)
			}
		}
	}
	if got := gh.do(http.MethodGet, link, nil); got.status != http.StatusOK {
		t.Errorf("a link given out before: %d", got.status)
	}
}

func TestATokenThatOneAccountRevokesIsRevokedInAll(t *testing.T) {
	other := organization(func(a *githubsim.Account) { a.Slug = "octo-other" })
	gh := start(t, organization(nil), other)
	gh.Change(githubsim.Organization, "octo-other", func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Seats++ })
	if got := gh.get("/orgs/octo-test", classicToken); got.status != http.StatusUnauthorized {
		t.Errorf("got %d, want 401", got.status)
	}
}

func TestTheServerDoesNotModifyTheCallersAccount(t *testing.T) {
	account := organization(nil)
	gh := start(t, account)
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Tokens[0].Scopes[0] = "repo" })
	if account.Tokens[0].Scopes[0] != "read:org" || account.Restated != nil {
		t.Errorf("changed: %+v", account)
	}
}

func TestChangesAndRequestsAtOnce(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.SettlesAfter = 2 }))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				gh.Restate(githubsim.Organization, "octo-test", "2026-11-20")
			}
		})
		wg.Go(func() {
			for range 5 {
				gh.lines(orgReports + "users-1-day?day=2026-11-20")
				gh.lines(orgReports + "organization-1-day?day=2026-11-20")
				gh.Calls()
			}
		})
	}
	wg.Wait()
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) {
		if n := a.Restated["2026-11-20"]; n != 80 {
			t.Errorf("%d of 80 changes were kept", n)
		}
	})
}

func TestCallsWithOneToken(t *testing.T) {
	gh := start(t, organization(nil))
	gh.get("/user", classicToken)
	gh.get("/orgs/octo-test", "ghp_revoked")
	gh.do(http.MethodGet, "/rate_limit", http.Header{"Authorization": {"token " + classicToken}})
	gh.do(http.MethodGet, "/_reports/x", nil)
	calls := gh.CallsWith(classicToken)
	if len(calls) != 2 || calls[0].Path != "/user" || calls[1].Path != "/rate_limit" {
		t.Errorf("calls: %+v", calls)
	}
	if calls := gh.CallsWith("ghp_revoked"); len(calls) != 1 || calls[0].Path != "/orgs/octo-test" {
		t.Errorf("calls: %+v", calls)
	}
	if calls := gh.CallsWith("ghp_other"); len(calls) != 0 {
		t.Errorf("calls: %+v", calls)
	}
}

func TestAChangeOfAnUnknownAccountPanics(t *testing.T) {
	gh := start(t, organization(nil))
	defer func() {
		if recover() == nil {
			t.Error("Change of an unknown account does not panic")
		}
	}()
	gh.Restate(githubsim.Enterprise, "octo-test", "2026-11-20")
}
