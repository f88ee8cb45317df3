package fleet_test

import (
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

const secret = "ghp_CanarySingsInTheCoalMine0123456789ab"

// oneRun collects a connector of 500 people on three mornings. It returns the time and the number of calls of the last run.
func oneRun(t *testing.T) (took time.Duration, calls int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		clock := testworld.NewRunningClock(six)
		gitHub := githubsim.New(clock.Now, githubsim.Account{
			Kind: githubsim.Organization, Slug: "octo", Plan: githubsim.PlanBusiness, Seats: 500, FirstDay: "2026-11-12",
			Tokens: []githubsim.Token{{Value: secret, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}}},
		})
		gitHub.SetLatency(gitHubAnswers)
		service := testworld.Network(t, gitHub, 0, clock.Now)
		parts := assembled.On(t, t.TempDir(), clock, service).Parts
		c := &connector.Connector{
			Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Provider: connector.GitHubCopilot,
			Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo"},
			Phase:   connector.Live, CreatedAt: six.AddDate(0, 0, -2),
		}
		if _, err := parts.Store.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := parts.Vault.Put(t.Context(), c.Tenant, c.ID, credential.NewToken(secret)); err != nil {
			t.Fatal(err)
		}
		for morning := -2; morning <= 0; morning++ {
			at := six.AddDate(0, 0, morning)
			clock.Set(at)
			gitHub.ResetCalls()
			began := time.Now()
			err := parts.Collector().Run(t.Context(), connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: at, Reason: connector.ReasonDaily})
			if err != nil {
				t.Fatal(err)
			}
			took, calls = time.Since(began), len(gitHub.Calls())
		}
		if read, err := parts.Store.Connector(t.Context(), c.Ref); err != nil || read.Status != connector.StatusActive {
			t.Fatalf("the connector is %+v, %v", read, err)
		}
	})
	return took, calls
}
