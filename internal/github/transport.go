package github

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// authorise puts the token on requests to one host. It refuses to send a request to any other host.
type authorise struct {
	next  http.RoundTripper
	host  string
	token credential.Token
}

func (a authorise) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != a.host || req.Method != http.MethodGet {
		return nil, errors.New("refused to send the token anywhere but to GitHub's API, or with anything but GET")
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+a.token.Reveal())
	return a.next.RoundTrip(req)
}

// retry repeats a GET after a transient failure: 500, 502, 503, 504, or a connection that broke before the answer.
// It does not repeat after a time-out, because a second one would leave no time for anything else, and not after errors that
// would come again, such as an unknown host name or an untrusted certificate.
type retry struct {
	next http.RoundTripper
	wait func(ctx context.Context, d time.Duration) bool
}

const (
	maxAttempts = 3
	firstPause  = 200 * time.Millisecond // before the second attempt; each further pause is three times as long
)

func (r retry) RoundTrip(req *http.Request) (*http.Response, error) {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		resp, err := r.next.RoundTrip(req)
		if attempt == maxAttempts || !transient(resp, err) {
			return resp, err
		}
		if resp != nil {
			_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // lets the connection be used again
			_ = resp.Body.Close()
		}
		if !r.wait(req.Context(), pause) {
			return nil, req.Context().Err()
		}
		pause *= 3
	}
}

func transient(resp *http.Response, err error) bool {
	if err != nil {
		return !lasting(err)
	}
	switch resp.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func lasting(err error) bool {
	network, isNetwork := errors.AsType[net.Error](err)
	name, isName := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		isNetwork && network.Timeout() || isName && name.IsNotFound || isCertificate
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
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
