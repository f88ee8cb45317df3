package github

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	gh "github.com/google/go-github/v66/github"
)

// explain says what an error of a call means. a is the answer as far as one came.
func (c *Client) explain(ctx context.Context, op string, a answer, err error) *fault.Error {
	failure := &fault.Error{Op: op}
	message, documentation, refused := refusal(err)
	if !refused {
		failure.Code, failure.Err = transportCause(ctx, err)
		return failure
	}
	failure.Code = refusalCode(a.status, a.header, message, documentation)
	if failure.Code != fault.TokenRules { // GitHub names the permissions there too, and they would not help
		failure.Accepts = c.quote(a.header.Get("X-Accepted-Github-Permissions"))
	}
	if message != "" {
		failure.Err = errors.New(c.quote(message))
	}
	switch failure.Code {
	case fault.RateLimited:
		failure.RetryAfter, failure.Hint = c.retryAfter(a), sharedLimit
	case fault.Unreachable, fault.Unexpected:
		failure.Err = fmt.Errorf("it answered with status %d", a.status)
		if message != "" {
			failure.Err = fmt.Errorf("%w: %s", failure.Err, c.quote(message))
		}
	}
	return failure
}

// refusal returns GitHub's own words when err is an answer of GitHub's, and false when it is not.
func refusal(err error) (message, documentation string, ok bool) {
	if e, is := errors.AsType[*gh.RateLimitError](err); is {
		return e.Message, rateLimits, true
	}
	if e, is := errors.AsType[*gh.AbuseRateLimitError](err); is {
		return e.Message, rateLimits, true
	}
	if e, is := errors.AsType[*gh.TwoFactorAuthError](err); is {
		return e.Message, "", true
	}
	if e, is := errors.AsType[*gh.ErrorResponse](err); is {
		return e.Message, e.DocumentationURL, true
	}
	return "", "", false
}

// sharedLimit holds for limits of the API; those of the report hosts know no tokens.
const sharedLimit = "Everything else that uses tokens of the same person shares this limit."

// rateLimits is how GitHub's documentation links end on a refusal for a limit.
const rateLimits = "rate-limits"

// refusalCode tells the causes of a refusal apart by GitHub's status, headers and words. The words are matched
// in part only: GitHub fills in names and has changed the rest before.
func refusalCode(status int, header http.Header, message, documentation string) fault.Code {
	said := strings.ToLower(message)
	has := func(parts ...string) bool {
		for _, part := range parts {
			if !strings.Contains(said, part) {
				return false
			}
		}
		return true
	}
	limited := header.Get("Retry-After") != "" || header.Get("X-Ratelimit-Remaining") == "0" ||
		strings.Contains(documentation, rateLimits) || has("rate limit") || has("login attempts")

	switch {
	case status == http.StatusTooManyRequests, status == http.StatusForbidden && limited:
		return fault.RateLimited
	case status == http.StatusUnauthorized:
		return fault.TokenRefused
	case strings.HasPrefix(header.Get("X-Github-Sso"), "required"), has("saml enforcement"):
		return fault.SSORequired // also as a 404
	case status == http.StatusNotFound:
		return fault.NotFound
	case (status == http.StatusForbidden || status == http.StatusUnprocessableEntity) &&
		(has("usage metrics", "policy") || has("metrics", "must be enabled") || has("metrics", "disabled")):
		return fault.PolicyOff
	case status == http.StatusUnprocessableEntity && has("payment"):
		return fault.Payment
	case status >= http.StatusInternalServerError:
		return fault.Unreachable
	case status != http.StatusForbidden:
		return fault.Unexpected
	case has("forbids access via"):
		return fault.TokenRules
	case has("not accessible by personal access token"):
		return fault.Permission
	case has("insufficient permissions"), has("admin rights"), has("must be an"), has("organization role"):
		return fault.NotPrivileged
	}
	return fault.Refused
}

// retryAfter follows GitHub's rules: Retry-After, else the reset of a spent limit, else a minute.
func (c *Client) retryAfter(a answer) time.Duration {
	if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err == nil && seconds > 0 {
		return time.Duration(min(seconds, int(maxWait/time.Second))) * time.Second
	}
	if wait, spent := c.untilReset(a.limit); spent {
		return wait
	}
	return time.Minute
}

// untilReset tells how long a limit stays spent, and whether it is.
func (c *Client) untilReset(limit gh.Rate) (wait time.Duration, spent bool) {
	wait = limit.Reset.Sub(c.now())
	return min(wait, maxWait), limit.Remaining == 0 && wait > 0
}

// maxWait is more than any limit of GitHub's lasts, whatever a header says.
const maxWait = 24 * time.Hour

// transportCause names why no answer came. It tells nothing of the error's own text: there, net/http repeats
// the URL, and of a redirect that it cannot read the whole signed address.
func transportCause(ctx context.Context, err error) (fault.Code, error) {
	_, isDNS := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isAccepted := errors.AsType[*gh.AcceptedError](err)
	_, isTooLarge := errors.AsType[*http.MaxBytesError](err)
	netError, isNet := errors.AsType[net.Error](err)
	errno, isErrno := errors.AsType[syscall.Errno](err)
	switch {
	case ctx.Err() != nil:
		return fault.OutOfTime, errors.New("the time for this was over")
	case isAccepted:
		return fault.Unexpected, errors.New("it has not finished its answer yet")
	case isTooLarge:
		return fault.Unexpected, errors.New("its answer is larger than any of its kind")
	case errors.Is(err, errRedirect):
		return fault.Unexpected, errRedirect
	case isDNS:
		return fault.Unreachable, errors.New("its name cannot be resolved")
	case isCertificate:
		return fault.Unreachable, errors.New("its TLS certificate is not trusted")
	case isNet && netError.Timeout():
		return fault.Unreachable, errors.New("it did not answer in time")
	case isErrno:
		return fault.Unreachable, errno // such as: connection refused
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Unreachable, errors.New("the connection ended before its answer did")
	}
	return fault.Unreachable, errors.New("the connection failed")
}

// maxQuote bounds how much of GitHub's words is passed on.
const maxQuote = 300

// quote makes words from outside fit for people and logs: one line, bounded, without the token or any query.
func (c *Client) quote(said string) string {
	said = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, said)
	if secret := c.token.Reveal(); secret != "" {
		said = strings.ReplaceAll(said, secret, "[token]")
	}
	words := strings.Fields(said)
	for i, word := range words {
		words[i], _, _ = strings.Cut(word, "?")
	}
	said = strings.Join(words, " ")
	if runes := []rune(said); len(runes) > maxQuote {
		said = string(runes[:maxQuote]) + "…"
	}
	return said
}

func outOfTime(op string) error {
	return &fault.Error{Code: fault.OutOfTime, Op: op}
}

func unexpected(op, what string) error {
	return &fault.Error{Code: fault.Unexpected, Op: op, Err: errors.New(what)}
}
