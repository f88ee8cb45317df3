package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// authorise puts the token on requests to one host and refuses to send anything anywhere else.
type authorise struct {
	next  http.RoundTripper
	host  string
	token connector.Token
}

func (a authorise) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != a.host || req.Method != http.MethodGet {
		return nil, errors.New("refused to send the token anywhere but to GitHub's API, or with anything but GET")
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+a.token.Reveal())
	return a.next.RoundTrip(req)
}

// retry repeats a GET that failed in passing: 500, 502, 503, 504, or a connection that broke before the answer.
// A time-out is not repeated: another would not leave time for anything else.
type retry struct{ next http.RoundTripper }

const (
	maxAttempts  = 3
	firstBackoff = 200 * time.Millisecond
)

func (r retry) RoundTrip(req *http.Request) (*http.Response, error) {
	for attempt, backoff := 1, firstBackoff; ; attempt, backoff = attempt+1, backoff*3 {
		resp, err := r.next.RoundTrip(req)
		if attempt == maxAttempts || !transient(resp, err) {
			return resp, err
		}
		if resp != nil {
			_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // lets the connection be used again
			_ = resp.Body.Close()
		}
		if !wait(req.Context(), backoff/2+rand.N(backoff)) {
			return nil, req.Context().Err()
		}
	}
}

func transient(resp *http.Response, err error) bool {
	if err != nil {
		timeout, isNet := errors.AsType[net.Error](err)
		return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) &&
			!(isNet && timeout.Timeout())
	}
	switch resp.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
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

// bounded makes bodies fail, rather than end, after limit bytes, counted after decompression.
type bounded struct {
	next  http.RoundTripper
	limit int64
}

func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if err == nil {
		resp.Body = &boundedBody{ReadCloser: resp.Body, left: b.limit}
	}
	return resp, err
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}

var errTooLarge = fmt.Errorf("the answer is larger than any of its kind")
