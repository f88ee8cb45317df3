package github

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

// authorise puts the token on requests to one host. It refuses to send a request to any other host.
type authorise struct {
	next  http.RoundTripper
	host  string
	token credential.Token
	app   *apptoken.Session // of a GitHub App, in the token's place
	sent  *sent             // gets the App's bearers
}

func (a authorise) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != a.host || req.Method != http.MethodGet {
		return nil, errors.New("refused to send the token anywhere but to GitHub's API, or with anything but GET")
	}
	if a.app == nil {
		return a.send(req, a.token.Reveal())
	}
	bearer, err := a.app.Bearer(req.Context(), "")
	if err != nil {
		return nil, err
	}
	a.sent.add(bearer)
	resp, err := a.send(req, bearer)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	fresh, err := a.app.Bearer(req.Context(), bearer)
	if err != nil || fresh == bearer {
		return resp, nil //nolint:nilerr // the answer says more than the error
	}
	discard(resp)
	a.sent.add(fresh)
	return a.send(req, fresh)
}

func (a authorise) send(req *http.Request, bearer string) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+bearer)
	return a.next.RoundTrip(req)
}

// appOnly lets through what a GitHub App may send by itself, to one host: besides GET that a token is made and given back.
type appOnly struct {
	next http.RoundTripper
	host string
}

func (a appOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	made := req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/access_tokens")
	returned := req.Method == http.MethodDelete && strings.HasSuffix(req.URL.Path, "/installation/token")
	if req.URL.Host != a.host || req.Method != http.MethodGet && !made && !returned {
		return nil, errors.New("refused to send anything of the App anywhere but to GitHub's API, or what changes something there")
	}
	return a.next.RoundTrip(req)
}

// retry repeats a GET after a transient failure: 500, 502, 503, 504, or a connection that broke before the answer.
// It does not repeat after a time-out, because a second one would leave no time for anything else, and not after errors that
// would come again, such as an unknown host name or an untrusted certificate.
type retry struct {
	next   http.RoundTripper
	pauses func() backoff.BackOff // the pauses of one call
}

const (
	maxAttempts = 3
	firstPause  = 200 * time.Millisecond // before the second attempt, on average; each further pause is three times as long
	maxRetrying = 5 * time.Second        // of all attempts of a call; an answer that asks for a longer wait is left to the caller
)

// growing returns pauses of random length, so that callers which failed together do not come back together.
func growing() backoff.BackOff {
	return &backoff.ExponentialBackOff{InitialInterval: firstPause, Multiplier: 3, RandomizationFactor: 0.5, MaxInterval: maxRetrying}
}

// errAgain says that the answer is a transient failure.
var errAgain = errors.New("transient failure")

func (r retry) RoundTrip(req *http.Request) (*http.Response, error) {
	var resp *http.Response
	_, err := backoff.Retry(req.Context(), func() (struct{}, error) {
		if req.GetBody != nil { // the attempt before has read the body
			req = req.Clone(req.Context())
			req.Body, _ = req.GetBody()
		}
		var err error
		resp, err = r.next.RoundTrip(req) //nolint:bodyclose // by discard, or by the caller
		return struct{}{}, verdict(resp, err)
	}, backoff.WithBackOff(r.pauses()), backoff.WithMaxTries(maxAttempts), backoff.WithMaxElapsedTime(maxRetrying),
		backoff.WithNotify(func(error, time.Duration) { discard(resp) }))
	switch _, asked := errors.AsType[*backoff.RetryAfterError](err); {
	case err == nil, asked, errors.Is(err, errAgain):
		return resp, nil // the caller explains the refusal
	case req.Context().Err() != nil:
		err = req.Context().Err() // backoff returns the context's cause, which may be an error of another call
	}
	discard(resp)
	return nil, err
}

// verdict returns nil if an attempt must not be repeated, and otherwise an error that tells package backoff when to repeat it.
func verdict(resp *http.Response, err error) error {
	switch {
	case err != nil && lasting(err):
		return backoff.Permanent(err)
	case err != nil:
		return err
	}
	switch resp.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if wait, asked := retryAfterIn(resp.Header); asked {
			return &backoff.RetryAfterError{Duration: wait}
		}
		return errAgain
	}
	return nil
}

// discard ends an answer so that its connection can be used again.
func discard(resp *http.Response) {
	if resp != nil {
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
		_ = resp.Body.Close()
	}
}

func lasting(err error) bool {
	network, isNetwork := errors.AsType[net.Error](err)
	name, isName := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		isNetwork && network.Timeout() || isName && name.IsNotFound || isCertificate
}

// bounded makes a body fail after limit bytes, counted after decompression. It must fail: a body that ended would look whole.
type bounded struct {
	next  http.RoundTripper
	limit int64
}

func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, b.limit)
	}
	return resp, err
}
