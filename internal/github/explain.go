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
	"syscall"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	gh "github.com/google/go-github/v66/github"
)

// explain turns an error of a call into a fault.Error. a is as much of the answer as came.
func (c *Client) explain(ctx context.Context, op string, a answer, err error) *fault.Error {
	r, refused := refusalOf(a, err)
	if !refused {
		failure := &fault.Error{Op: op}
		failure.Code, failure.Err = transportCause(ctx, err)
		return failure
	}
	failure := &fault.Error{Op: op, Code: r.code(), Said: c.quote(r.message)}
	if failure.Said != "" {
		failure.Err = errors.New(failure.Said)
	}
	switch {
	case failure.Code == fault.RateLimited:
		failure.RetryAfter, failure.Hint = c.retryAfter(a), sharedLimit
	case fault.CodeOf(failure).BreaksRule(), failure.Code == fault.IPRefused:
		failure.Rule = c.ruleOf(r.message)
	case fault.CodeOf(failure).LacksRight(), failure.Code == fault.Refused: // permissions would not help with other codes
		failure.Accepts = c.quote(a.header.Get("X-Accepted-Github-Permissions"))
	case failure.Code == fault.NotGitHub:
		failure.Err = fmt.Errorf("the answer, with status %d, is not GitHub's", a.status)
		failure.RetryAfter, _ = c.askedWait(a)
	case failure.Code == fault.Unreachable, failure.Code == fault.Unexpected:
		failure.Err = fmt.Errorf("it answered with status %d", a.status)
		if failure.Said != "" {
			failure.Err = fmt.Errorf("%w: %s", failure.Err, failure.Said)
		}
	}
	return failure
}

// refusalOf returns the answer by which GitHub refuses, and false if err is no such answer.
func refusalOf(a answer, err error) (refusal, bool) {
	r := refusal{status: a.status, header: a.header}
	if e, is := errors.AsType[*gh.RateLimitError](err); is {
		r.message, r.documentation = e.Message, rateLimits
		return r, true
	}
	if e, is := errors.AsType[*gh.AbuseRateLimitError](err); is {
		r.message, r.documentation = e.Message, rateLimits
		return r, true
	}
	if e, is := errors.AsType[*gh.TwoFactorAuthError](err); is {
		r.message = e.Message
		return r, true
	}
	if e, is := errors.AsType[*gh.ErrorResponse](err); is {
		r.message, r.documentation = e.Message, e.DocumentationURL
		return r, true
	}
	return refusal{}, false
}

// sharedLimit is the hint for limits of the API. Report hosts do not see tokens, so their limits have another hint.
const sharedLimit = "Everything else that uses tokens of the same person shares this limit."

// retryAfter returns how long to wait by GitHub's rules: Retry-After, else until the reset of a spent limit, else a minute.
func (c *Client) retryAfter(a answer) time.Duration {
	if wait, asked := c.askedWait(a); asked {
		return wait
	}
	return time.Minute
}

// askedWait returns how long an answer asks us to wait, and whether it asks at all.
func (c *Client) askedWait(a answer) (wait time.Duration, asked bool) {
	if wait, asked := retryAfterIn(a.header); asked {
		return wait, true
	}
	if wait, spent := c.untilReset(a.limit); spent {
		return wait, true
	}
	return 0, false
}

// retryAfterIn returns the wait that the header Retry-After asks for, and whether there is such a header. GitHub sends seconds,
// not dates.
func retryAfterIn(header http.Header) (wait time.Duration, asked bool) {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds <= 0 {
		return 0, false
	}
	return time.Duration(min(seconds, int(maxWait/time.Second))) * time.Second, true
}

// untilReset returns how long a spent limit stays spent, and whether it is spent.
func (c *Client) untilReset(limit gh.Rate) (wait time.Duration, spent bool) {
	wait = limit.Reset.Sub(c.now())
	return min(wait, maxWait), limit.Remaining == 0 && wait > 0
}

// maxWait bounds the wait that a header may ask for. No limit of GitHub's lasts longer.
const maxWait = 24 * time.Hour

// transportCause names why no answer came. It never uses the error's own text, because net/http repeats the URL in it, and
// the whole signed address of a redirect that it cannot parse.
func transportCause(ctx context.Context, err error) (fault.Code, error) {
	_, isDNS := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isAccepted := errors.AsType[*gh.AcceptedError](err)
	_, isTooLarge := errors.AsType[*http.MaxBytesError](err)
	sent, isRedirect := errors.AsType[*redirect](err)
	netError, isNet := errors.AsType[net.Error](err)
	errno, isErrno := errors.AsType[syscall.Errno](err)
	switch {
	case ctx.Err() != nil:
		return fault.OutOfTime, errors.New("the time for this was over")
	case isAccepted:
		return fault.Unexpected, errors.New("it has not finished its answer yet")
	case isTooLarge:
		return fault.Unexpected, errors.New("its answer is larger than any of its kind")
	case isRedirect:
		return sent.code(), sent
	case isDNS:
		return fault.Unreachable, errors.New("its name cannot be resolved")
	case isCertificate:
		return fault.Unreachable, errors.New("its TLS certificate is not trusted")
	case isNet && netError.Timeout():
		return fault.Unreachable, errors.New("it did not answer in time")
	case isErrno:
		return fault.Unreachable, errno // for example: connection refused
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Unreachable, errors.New("the connection ended before its answer did")
	}
	return fault.Unreachable, errors.New("the connection failed")
}

func outOfTime(op string) error {
	return &fault.Error{Code: fault.OutOfTime, Op: op}
}

func unexpected(op, what string) error {
	return &fault.Error{Code: fault.Unexpected, Op: op, Err: errors.New(what)}
}
