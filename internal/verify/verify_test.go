package verify_test

import (
	"net/http"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// morning is the time at which these tests verify. The 14 days before it are 8 to 21 November.
var morning = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

const (
	classic     = "ghp_classicTOKENclassicTOKENclassic00000"
	fineGrained = "github_pat_fineTOKENfineTOKENfineTOKEN00"
)

func owner(value string) githubsim.Token {
	return githubsim.Token{
		Value: value, Login: "octo-owner", Scopes: []string{"read:org"},
		Permissions: []string{githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats},
		ExpiresAt:   morning.AddDate(0, 0, 60),
	}
}

// octo returns an organization of 40 people without any fault.
func octo() githubsim.Account {
	return githubsim.Account{
		Kind: githubsim.Organization, Slug: "octo", Plan: githubsim.PlanBusiness, Seats: 16, Shards: 2,
		Tokens: []githubsim.Token{owner(classic), owner(fineGrained)},
	}
}

// world is a simulated GitHub and a Verifier that calls it over real HTTP.
type world struct {
	t        testing.TB
	github   *githubsim.Server
	url      string
	verifier verify.Verifier
}

func newWorld(t testing.TB, accounts ...githubsim.Account) *world {
	t.Helper()
	now := func() time.Time { return morning }
	gitHub, service, url := testworld.GitHub(t, now, accounts...)
	return &world{t: t, github: gitHub, url: url, verifier: verify.Verifier{Connect: connect(service), Now: now}}
}

func connect(service *github.Service) func(string, credential.Token) verify.GitHub {
	return func(host string, token credential.Token) verify.GitHub { return service.Connect(host, token) }
}

func (w *world) verify(scope copilot.Scope, slug, token string) verify.Result {
	return w.verifier.Verify(w.t.Context(), request(scope, slug, token))
}

func request(scope copilot.Scope, slug, token string) verify.Request {
	return verify.Request{
		Account:       copilot.Account{Host: copilot.GitHubCom, Scope: scope, Slug: slug},
		Token:         credential.NewToken(token),
		IdleAfterDays: seat.DefaultIdleAfterDays,
	}
}

// interceptor may answer a request in the simulated GitHub's place. It returns true if it did.
type interceptor func(w http.ResponseWriter, r *http.Request) bool

func check(t testing.TB, result verify.Result, id verify.CheckID) verify.Check {
	t.Helper()
	for _, c := range result.Checks {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("the check %s is missing", id)
	return verify.Check{}
}

// statuses returns the checks that did not pass. It leaves out the checks of who pays; whopays_test.go tests those.
func statuses(result verify.Result) map[verify.CheckID]verify.CheckStatus {
	got := map[verify.CheckID]verify.CheckStatus{}
	for _, c := range result.Checks {
		if c.Status != verify.Pass && c.ID != verify.CheckTeams && c.ID != verify.CheckOrganizations && c.ID != verify.CheckBudgets {
			got[c.ID] = c.Status
		}
	}
	return got
}

// distant returns a GitHub and a Verifier with a network of that latency and bandwidth between them, on a fake clock. It must be
// called in a synctest bubble.
func distant(t *testing.T, account githubsim.Account, latency time.Duration, bytesPerSecond int) (*githubsim.Server, verify.Verifier) {
	t.Helper()
	now := func() time.Time { return morning }
	gitHub := githubsim.New(now, account)
	gitHub.SetLatency(latency)
	return gitHub, verify.Verifier{Connect: connect(testworld.Network(t, gitHub, bytesPerSecond, now)), Now: now}
}
