//go:build !race

package verify_test

import (
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// Verify takes four calls in a row: whose token it is, an aggregate report, a per-user report, its file. All other calls run at
// the same time as these, at most 14 at once.
func TestVerifyOfFiveHundredPeopleTakesFourRounds(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]githubsim.Kind{"organization": githubsim.Organization, "enterprise": githubsim.Enterprise} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const latency = 100 * time.Millisecond
				account := octo()
				account.Kind, account.Seats, account.Shards = kind, 500, 1
				account.Tokens[0].Scopes = []string{"read:org", "read:enterprise", "manage_billing:copilot"}
				gitHub, verifier := distant(t, account, latency, 0)
				began := time.Now()
				result := verifier.Verify(t.Context(), request(copilot.Scope(name), "octo", classic))
				if took := time.Since(began); !result.OK || took != 4*latency {
					t.Errorf("Verify took %s, with %v", took, statuses(result))
				}
				if calls := len(gitHub.Calls()); calls < 1+5+14+14+14 {
					t.Errorf("Verify made %d calls", calls)
				}
			})
		})
	}
}
