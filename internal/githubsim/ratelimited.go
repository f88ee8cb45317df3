package githubsim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RateLimit is one of the forms in which GitHub tells a client to slow down.
type RateLimit int

// Primary is the hourly quota, and secondary is the guard against bursts. Each is refused with either status.
const (
	PrimaryForbidden         RateLimit = iota // 403, remaining 0, reset
	PrimaryTooManyRequests                    // 429, remaining 0, reset
	SecondaryForbiddenRetry                   // 403, Retry-After
	SecondaryForbidden                        // 403, without a time
	SecondaryTooManyRequests                  // 429, Retry-After
)

const (
	limitReset = 17 * time.Minute
	retryAfter = time.Minute

	rateLimitArticle = docs + "/using-the-rest-api/rate-limits-for-the-rest-api"
)

// RateLimited returns an interceptor that refuses every API call in the given form. It lets downloads pass, because the report
// host has no such limit.
func (s *Server) RateLimited(form RateLimit) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, downloadRoot) {
			return false
		}
		header := w.Header()
		header.Set("X-RateLimit-Limit", strconv.Itoa(hourlyLimit))
		header.Set("X-RateLimit-Reset", strconv.FormatInt(s.now().Add(limitReset).Unix(), 10))
		header.Set("X-RateLimit-Resource", "core")
		refused := refusal{status: http.StatusForbidden}
		if form == PrimaryTooManyRequests || form == SecondaryTooManyRequests {
			refused.status = http.StatusTooManyRequests
		}
		if form == SecondaryForbiddenRetry || form == SecondaryTooManyRequests {
			header.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
		}
		switch form {
		case PrimaryForbidden, PrimaryTooManyRequests:
			header.Set("X-RateLimit-Remaining", "0")
			header.Set("X-RateLimit-Used", strconv.Itoa(hourlyLimit))
			refused.message = "API rate limit exceeded for user ID 41000001."
			refused.docs = rateLimitArticle
		default:
			header.Set("X-RateLimit-Remaining", "4711")
			header.Set("X-RateLimit-Used", "289")
			refused.message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
			refused.docs = rateLimitArticle + "#about-secondary-rate-limits"
		}
		refused.write(w)
		return true
	}
}
