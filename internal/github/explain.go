package github

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	gh "github.com/google/go-github/v66/github"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// explain says what an error of a call means. a is the answer as far as one came.
func (c *Client) explain(ctx context.Context, op string, a answer, err error) *connector.Error {
	failure := &connector.Error{Op: op}
	message, documentation, refused := refusal(err)
	if !refused {
		code, cause := transportCause(ctx, err)
		failure.Code, failure.Err = code, errors.New(c.quote(cause))
		return failure
	}
	failure.Err = errors.New(c.quote(message))
	failure.Accepts = c.quote(a.header.Get("X-Accepted-Github-Permissions"))
	failure.Code = refusalCode(a.status, a.header, message, documentation)
	if failure.Code == connector.CodeRateLimited {
		failure.RetryAfter = c.retryAfter(a.header)
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

// rateLimits is how GitHub's documentation links end on a refusal for a limit.
const rateLimits = "rate-limits"

// refusalCode tells the causes of a refusal apart by GitHub's status, headers and words. The words are matched
// in part only: GitHub fills in names and has changed the rest before.
func refusalCode(status int, header http.Header, message, documentation string) connector.Code {
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
		return connector.CodeRateLimited
	case status == http.StatusUnauthorized:
		return connector.CodeTokenRefused
	case strings.HasPrefix(header.Get("X-Github-Sso"), "required"), has("saml enforcement"):
		return connector.CodeSSORequired // also as a 404
	case status == http.StatusNotFound:
		return connector.CodeNotFound
	case status == http.StatusUnprocessableEntity && has("payment"):
		return connector.CodePayment
	case status >= http.StatusInternalServerError:
		return connector.CodeUnreachable
	case status != http.StatusForbidden:
		return connector.CodeUnexpected
	case has("usage metrics", "policy"), has("metrics", "must be enabled"):
		return connector.CodePolicyOff
	case has("forbids access via"):
		return connector.CodeTokenRules
	case has("not accessible by personal access token"):
		return connector.CodePermission
	case has("insufficient permissions"), has("admin rights"), has("must be an"), has("organization role"):
		return connector.CodeNotPrivileged
	}
	return connector.CodeRefused
}

// retryAfter follows GitHub's rules: Retry-After, else the reset of a spent limit, else a minute.
func (c *Client) retryAfter(header http.Header) time.Duration {
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, maxWaitSeconds)) * time.Second
	}
	if reset, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64); err == nil &&
		header.Get("X-Ratelimit-Remaining") == "0" {
		if wait := time.Unix(reset, 0).Sub(c.now()); wait > 0 {
			return min(wait, maxWaitSeconds*time.Second)
		}
	}
	return time.Minute
}

// maxWaitSeconds is a day: no limit of GitHub's lasts longer, whatever a header says.
const maxWaitSeconds = 24 * 60 * 60

// transportCause names why no answer came, without the URL that net/http puts into its errors.
func transportCause(ctx context.Context, err error) (code connector.Code, cause string) {
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err
	}
	_, isDNS := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isAccepted := errors.AsType[*gh.AcceptedError](err)
	netError, isNet := errors.AsType[net.Error](err)
	switch {
	case ctx.Err() != nil:
		return connector.CodeOutOfTime, "the time for this was over"
	case isDNS:
		return connector.CodeUnreachable, "its name cannot be resolved"
	case isCertificate:
		return connector.CodeUnreachable, "its TLS certificate is not trusted"
	case isNet && netError.Timeout():
		return connector.CodeUnreachable, "it did not answer in time"
	case errors.Is(err, errTooLarge), isAccepted, errors.Is(err, errRedirect):
		return connector.CodeUnexpected, err.Error()
	}
	return connector.CodeUnreachable, err.Error()
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
	return &connector.Error{Code: connector.CodeOutOfTime, Op: op}
}

func unexpected(op, what string) error {
	return &connector.Error{Code: connector.CodeUnexpected, Op: op, Err: errors.New(what)}
}
