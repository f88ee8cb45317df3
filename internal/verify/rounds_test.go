package verify_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// distant verifies behind a network with a latency and a bandwidth, on a clock that waits for nobody. It must be called in
// a bubble.
func distant(t *testing.T, account githubsim.Account, latency time.Duration, bytesPerSecond int) (*githubsim.Server, verify.Verifier) {
	t.Helper()
	now := func() time.Time { return morning }
	gitHub := githubsim.New(now, account)
	gitHub.SetLatency(latency)
	return gitHub, verify.Verifier{Connect: connect(testworld.Network(t, gitHub, bytesPerSecond, now)), Now: now}
}

// An administrator waits for four calls in a row: whose token it is, an aggregate, a per-user report, its file. Everything
// else finds room beside them, with no more than 14 calls at a time.
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
					t.Errorf("it took %s, with %v", took, statuses(result))
				}
				if calls := len(gitHub.Calls()); calls < 1+5+14+14+14 {
					t.Errorf("%d calls", calls)
				}
			})
		})
	}
}

// A half of 50,000 people, at 4 KB each, and of 75 MB a second: everything takes as long.
func TestTheNewestDaysOfALargeAccountAreShownWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const half, people, bytesPerSecond = 2, 50_000, 75_000_000
		gitHub, verifier := distant(t, octo(), 100*time.Millisecond, bytesPerSecond/half)
		gitHub.Intercept(crowded(people / half))
		began := time.Now()
		result := verifier.Verify(t.Context(), request(copilot.Organization, "octo", classic))
		whole := 0
		for _, day := range slices.Backward(result.Preview.Days) {
			if day.EngagedUsers == nil {
				break
			}
			whole++
		}
		if took := time.Since(began); whole != 6 || took > 19*time.Second {
			t.Errorf("the people of %d days are shown after %s, of %+v", whole, took, statuses(result))
		}
		for _, day := range result.Preview.Days[:8] {
			if day.ActiveUsers == nil || day.EngagedUsers != nil {
				t.Errorf("of an older day there is %+v", day)
			}
		}
	})
}

// crowded answers with per-user reports of that many people, in 4 KB each.
func crowded(people int) interceptor {
	const files = "/crowd/"
	rest := `,"user_initiated_interaction_count":1,"note":"` + strings.Repeat("x", 3900) + `"}` + "\n"
	return func(w http.ResponseWriter, r *http.Request) bool {
		switch day, isFile := strings.CutPrefix(r.URL.Path, files); {
		case isFile:
			for i := range people {
				if _, err := fmt.Fprintf(w, `{"day":%q,"user_id":%d,"user_login":"u%d"%s`, day, i+1, i+1, rest); err != nil { //nolint:gosec // a report of a test
					return true
				}
			}
		case strings.HasSuffix(r.URL.Path, "/users-1-day"):
			links("http://"+r.Host+files+r.URL.Query().Get("day"))(w, r)
		default:
			return false
		}
		return true
	}
}
