//go:build !race

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
)

// Both the 50,000 people (4 KB each) and the 75 MB a second are halved, which keeps the time of each download.
func TestTheNewestDaysOfALargeAccountAreShownWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const half, people, bytesPerSecond = 2, 50_000, 75_000_000
		account := octo()
		account.Seats = 40 // as many were there when the limits below were measured
		gitHub, verifier := distant(t, account, 100*time.Millisecond, bytesPerSecond/half)
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
			t.Errorf("the people of %d days are shown after %s; checks: %+v", whole, took, statuses(result))
		}
		for _, day := range result.Preview.Days[:8] {
			if day.ActiveUsers == nil || day.EngagedUsers != nil {
				t.Errorf("an older day is %+v", day)
			}
		}
	})
}

// crowded answers with per-user reports of that many people, 4 KB each.
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
