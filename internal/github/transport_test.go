package github

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// transportFunc stands for the network.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func newRequest(ctx context.Context, method string) *http.Request {
	req, err := http.NewRequestWithContext(ctx, method, "https://api.github.com/user", nil)
	if err != nil {
		panic(err)
	}
	return req
}

func TestPausesBetweenAttemptsGrowAndDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := map[time.Duration]bool{}
		for range 20 {
			began := time.Now()
			var at []time.Duration
			r := retry{pauses: growing, next: transportFunc(func(*http.Request) (*http.Response, error) {
				at = append(at, time.Since(began))
				return nil, io.EOF
			})}
			_, err := r.RoundTrip(newRequest(t.Context(), http.MethodGet)) //nolint:bodyclose // there is none
			within := func(pause, about time.Duration) bool { return about/2 <= pause && pause <= about*3/2+1 }
			if !errors.Is(err, io.EOF) || len(at) != 3 || !within(at[1], 200*time.Millisecond) || !within(at[2]-at[1], 600*time.Millisecond) {
				t.Fatalf("attempts at %v: %v", at, err)
			}
			first[at[1]] = true
		}
		if len(first) < 2 {
			t.Errorf("each first pause is %v", first)
		}
	})
}

func TestRetryAfterIsObeyedUnlessItIsLong(t *testing.T) {
	for after, want := range map[string]struct {
		calls int
		took  time.Duration
	}{
		"2":  {2, 2 * time.Second},
		"60": {1, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			r := retry{pauses: growing, next: transportFunc(func(*http.Request) (*http.Response, error) {
				calls++
				resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("x"))}
				if calls == 1 {
					resp.StatusCode = http.StatusServiceUnavailable
					resp.Header.Set("Retry-After", after)
				}
				return resp, nil
			})}
			began := time.Now()
			resp, err := r.RoundTrip(newRequest(t.Context(), http.MethodGet))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if took := time.Since(began); err != nil || string(body) != "x" || calls != want.calls || took != want.took || (resp.StatusCode == http.StatusOK) != (calls == 2) {
				t.Errorf("Retry-After %s: %d after %d calls in %v, %q: %v", after, resp.StatusCode, calls, took, body, err)
			}
		})
	}
}

func TestCancellingEndsThePauseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		calls := 0
		r := retry{pauses: growing, next: transportFunc(func(*http.Request) (*http.Response, error) {
			calls++
			return &http.Response{StatusCode: http.StatusServiceUnavailable, Body: io.NopCloser(strings.NewReader("x"))}, nil
		})}
		began := time.Now()
		_, err := r.RoundTrip(newRequest(ctx, http.MethodGet)) //nolint:bodyclose // there is none
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || calls != 1 || took != time.Millisecond {
			t.Errorf("%d calls in %v: %v", calls, took, err)
		}
	})
}

func TestPermanentFailuresAreNotRetried(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want int
	}{
		"no such host":          {&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, 1},
		"resolver is down":      {&net.OpError{Op: "dial", Err: &net.DNSError{IsTemporary: true}}, maxAttempts},
		"resolver is slow":      {&net.OpError{Op: "dial", Err: &net.DNSError{IsTimeout: true}}, 1},
		"untrusted certificate": {&tls.CertificateVerificationError{Err: io.EOF}, 1},
		"cancelled":             {context.Canceled, 1},
		"out of time":           {context.DeadlineExceeded, 1},
		"refused connection":    {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, maxAttempts},
		"closed connection":     {io.ErrUnexpectedEOF, maxAttempts},
	} {
		calls := 0
		r := retry{pauses: func() backoff.BackOff { return &backoff.ZeroBackOff{} }, next: transportFunc(func(*http.Request) (*http.Response, error) {
			calls++
			return nil, test.err
		})}
		_, err := r.RoundTrip(newRequest(t.Context(), http.MethodGet)) //nolint:bodyclose // there is none
		if !errors.Is(err, test.err) || calls != test.want {
			t.Errorf("%s: %d attempts, want %d: %v", name, calls, test.want, err)
		}
	}
}

func TestTheTokenIsSentOnlyToTheAPIAndOnlyWithGET(t *testing.T) {
	var sent []string
	a := authorise{
		host: "api.github.com", token: credential.NewToken("ghp_canary"),
		next: transportFunc(func(req *http.Request) (*http.Response, error) {
			sent = append(sent, req.Method+" "+req.Header.Get("Authorization"))
			return nil, io.EOF
		}),
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead} {
		_, _ = a.RoundTrip(newRequest(t.Context(), method)) //nolint:bodyclose // there is none
	}
	for _, host := range []string{"evil.example", "api.github.com:8443", "api.github.com.evil.example", "github.com"} {
		req := newRequest(t.Context(), http.MethodGet)
		req.URL.Host = host
		_, _ = a.RoundTrip(req) //nolint:bodyclose // there is none
	}
	if len(sent) != 0 {
		t.Errorf("sent: %q", sent)
	}
	req := newRequest(t.Context(), http.MethodGet)
	_, _ = a.RoundTrip(req) //nolint:bodyclose // there is none
	if len(sent) != 1 || sent[0] != "GET Bearer ghp_canary" {
		t.Errorf("sent: %q", sent)
	}
	if req.Header.Get("Authorization") != "" {
		t.Error("the caller's own request now holds the token")
	}
}
