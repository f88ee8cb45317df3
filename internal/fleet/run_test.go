package fleet_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
)

const secret = "ghp_CanarySingsInTheCoalMine0123456789ab"

// oneRun collects a connector of 500 people on three mornings. It returns the time and the number of calls of the last run.
func oneRun(t *testing.T) (took time.Duration, calls int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		clock := &morningClock{began: time.Now()}
		gitHub := githubsim.New(clock.now, githubsim.Account{
			Kind: githubsim.Organization, Slug: "octo", Plan: githubsim.PlanBusiness, Seats: 500, FirstDay: "2026-11-12",
			Tokens: []githubsim.Token{{Value: secret, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}}},
		})
		gitHub.SetLatency(gitHubAnswers)
		service := testworld.Network(t, gitHub, 0, clock.now)
		tokens, err := files.Open(filepath.Join(t.TempDir(), "tokens"))
		if err != nil {
			t.Fatal(err)
		}
		stored := testworld.Store(t, t.TempDir(), clock.now)
		c := &connector.Connector{
			Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Provider: connector.GitHubCopilot,
			Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo"},
			Phase:   connector.Live, CreatedAt: six.AddDate(0, 0, -2),
		}
		if _, err := stored.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := tokens.Put(t.Context(), c.Tenant, c.ID, credential.NewToken(secret)); err != nil {
			t.Fatal(err)
		}
		collector := collect.Collector{
			Connect: func(host string, token credential.Token) collect.GitHub { return service.Connect(host, token) },
			Store:   stored, Vault: tokens, Notifier: nobody{}, Seats: spend.Reader{Store: stored, Days: usage.Reader{Store: stored, Now: clock.now}, Now: clock.now}, Now: clock.now, Log: slog.New(slog.DiscardHandler),
		}
		for morning := -2; morning <= 0; morning++ {
			at := six.AddDate(0, 0, morning)
			clock.set(at)
			gitHub.ResetCalls()
			began := time.Now()
			err := collector.Run(t.Context(), connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: at, Reason: connector.ReasonDaily})
			if err != nil {
				t.Fatal(err)
			}
			took, calls = time.Since(began), len(gitHub.Calls())
		}
		if read, err := stored.Connector(t.Context(), c.Ref); err != nil || read.Status != connector.StatusActive {
			t.Fatalf("the connector is %+v, %v", read, err)
		}
	})
	return took, calls
}

// morningClock starts at an instant and runs as fast as the bubble's clock.
type morningClock struct{ at, began time.Time }

func (c *morningClock) set(at time.Time) { c.at, c.began = at, time.Now() }

func (c *morningClock) now() time.Time { return c.at.Add(time.Since(c.began)) }

// nobody is a notifier that sends nothing.
type nobody struct{}

func (nobody) Flush(context.Context, *connector.Connector) (int, error) { return 0, nil }

func (nobody) Forget(context.Context, connector.Ref) error { return nil }
