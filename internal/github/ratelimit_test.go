package github_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestAfterARateLimitNothingMoreIsSent(t *testing.T) {
	for name, test := range map[string]struct {
		form githubsim.RateLimit
		wait time.Duration
	}{
		"primary, 403":                     {githubsim.PrimaryForbidden, 17 * time.Minute},
		"primary, 429":                     {githubsim.PrimaryTooManyRequests, 17 * time.Minute},
		"secondary, 403, Retry-After":      {githubsim.SecondaryForbiddenRetry, time.Minute},
		"secondary, 403, without a time":   {githubsim.SecondaryForbidden, time.Minute},
		"secondary, 429, with Retry-After": {githubsim.SecondaryTooManyRequests, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			sim, client := simulate(t, nil)
			sim.Intercept(sim.RateLimited(test.form))
			errs := make([]error, 40)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() { _, errs[i] = client.FindOrganization(t.Context(), org.Slug) })
			}
			wg.Wait()
			_, err := client.FindOrganization(t.Context(), org.Slug)
			errs = append(errs, err)
			for _, err := range errs {
				check(t, err, fault.RateLimited)
				if got := asError(t, err).RetryAfter; got != test.wait {
					t.Errorf("retry after %v, want %v", got, test.wait)
				}
				if hint := asError(t, err).Hint; !strings.Contains(hint, "same person shares this limit") {
					t.Errorf("hint %q", hint)
				}
			}
			if got, want := asError(t, errs[40]).Op, "look the organization up"; got != want {
				t.Errorf("the operation in a later call's error is %q, want %q", got, want)
			}
			if n := len(sim.Calls()); n > github.MaxConcurrent {
				t.Errorf("%d calls were made after the limit", n)
			}
		})
	}
}

// All calls reach the limit at once, which is the worst case.
func TestOnlyRunningCallsReachARateLimit(t *testing.T) {
	var arrived sync.WaitGroup
	arrived.Add(github.MaxConcurrent)
	limited := refuse(http.StatusTooManyRequests, "API rate limit exceeded")
	gh := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived.Done() // panics if one call too many arrives
		arrived.Wait()
		limited(w, r)
	})
	client := connect(t, gh.URL)
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() { check(t, find(t.Context(), client, org.Slug), fault.RateLimited) })
	}
	wg.Wait()
	if n := len(gh.seen()); n != github.MaxConcurrent {
		t.Errorf("%d calls reached GitHub, want %d", n, github.MaxConcurrent)
	}
}

func TestNothingIsSentAfterTheLastCallThatTheLimitAllows(t *testing.T) {
	gh := serve(t, respond(http.StatusOK, octocat, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", inSeconds(600)))
	client := connect(t, gh.URL)
	_, err := client.Identity(t.Context())
	check(t, err, "")
	_, err = client.Identity(t.Context())
	check(t, err, fault.RateLimited)
	if got := asError(t, err).RetryAfter; got != 10*time.Minute {
		t.Errorf("retry after %v", got)
	}
	if n := len(gh.seen()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestRetryAfterOfARateLimit(t *testing.T) {
	const spent = "0"
	for name, test := range map[string]struct {
		retryAfter, remaining, reset string
		want                         time.Duration
	}{
		"Retry-After":                    {"30", "", "", 30 * time.Second},
		"Retry-After before reset":       {"30", spent, inSeconds(600), 30 * time.Second},
		"reset of a spent limit":         {"", spent, inSeconds(600), 10 * time.Minute},
		"reset of a limit not spent":     {"", "12", inSeconds(600), time.Minute},
		"reset that has passed":          {"", spent, inSeconds(-600), time.Minute},
		"no header":                      {"", "", "", time.Minute},
		"Retry-After zero":               {"0", "", "", time.Minute},
		"Retry-After negative":           {"-5", "", "", time.Minute},
		"Retry-After a date":             {"Sun, 22 Nov 2026 13:00:00 GMT", "", "", time.Minute},
		"Retry-After absurd":             {"9999999999", "", "", 24 * time.Hour},
		"Retry-After beyond 64 bits":     {"99999999999999999999999", "", "", time.Minute},
		"reset absurd":                   {"", spent, "99999999999", 24 * time.Hour},
		"reset beyond the range of time": {"", spent, "9223372036854775807", time.Minute},
		"reset garbage":                  {"", spent, "soon", time.Minute},
	} {
		for _, status := range []int{http.StatusForbidden, http.StatusTooManyRequests} {
			var headers []string
			for name, value := range map[string]string{
				"Retry-After": test.retryAfter, "X-RateLimit-Remaining": test.remaining, "X-RateLimit-Reset": test.reset,
			} {
				if value != "" {
					headers = append(headers, name, value)
				}
			}
			_, err := answering(t, refuse(status, "You have exceeded a secondary rate limit.", headers...)).FindOrganization(t.Context(), org.Slug)
			check(t, err, fault.RateLimited)
			if got := asError(t, err).RetryAfter; got != test.want {
				t.Errorf("%s, %d: %v, want %v", name, status, got, test.want)
			}
		}
	}
}

func inSeconds(n int64) string { return strconv.FormatInt(noon.Unix()+n, 10) }
