package githubsim_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestRateLimitForms(t *testing.T) {
	gh := start(t, organization(nil))
	for _, test := range []struct {
		form       githubsim.RateLimit
		status     int
		remaining  string
		retryAfter string
		docs       string
	}{
		{githubsim.PrimaryForbidden, 403, "0", "", "rate-limits-for-the-rest-api"},
		{githubsim.PrimaryTooManyRequests, 429, "0", "", "rate-limits-for-the-rest-api"},
		{githubsim.SecondaryForbiddenRetry, 403, "4711", "60", "secondary-rate-limits"},
		{githubsim.SecondaryForbidden, 403, "4711", "", "secondary-rate-limits"},
		{githubsim.SecondaryTooManyRequests, 429, "4711", "60", "secondary-rate-limits"},
	} {
		gh.Intercept(gh.RateLimited(test.form))
		got := gh.get("/user", classicToken)
		body := decode[map[string]string](t, got.body)
		if got.status != test.status || got.header.Get("X-RateLimit-Remaining") != test.remaining ||
			got.header.Get("Retry-After") != test.retryAfter || !strings.HasSuffix(body["documentation_url"], test.docs) {
			t.Errorf("form %d: %d %v %v", test.form, got.status, got.header, body)
		}
		if reset, _ := strconv.ParseInt(got.header.Get("X-RateLimit-Reset"), 10, 64); !time.Unix(reset, 0).After(noon) {
			t.Errorf("form %d: reset %d is not ahead", test.form, reset)
		}
	}
}

func TestRateLimitEndpointIsFree(t *testing.T) {
	gh := start(t, organization(nil))
	gh.get("/user", classicToken)
	type limits struct {
		Resources struct {
			Core struct{ Limit, Used, Remaining int }
		}
	}
	for range 2 {
		core := read[limits](gh, "/rate_limit").Resources.Core
		if core.Limit != 5000 || core.Used != 1 || core.Remaining != 4999 {
			t.Errorf("core: %+v", core)
		}
	}
	*gh.time = noon.Add(time.Hour)
	if core := read[limits](gh, "/rate_limit").Resources.Core; core.Used != 0 {
		t.Errorf("an hour later %d calls still count", core.Used)
	}
}
