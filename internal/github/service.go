package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// maxConcurrent bounds the calls that are under way at once for one token: so many to the API, and as many to the report
// hosts. No more calls than this can run into a rate limit at once.
const maxConcurrent = 14

// Service reaches GitHub's hosts. It holds connections, no secrets, and is safe for concurrent use.
type Service struct {
	override  *url.URL // nil: the account's host decides
	transport http.RoundTripper
	once      http.RoundTripper // transport that repeats nothing
	stackApp  *StackApp         // nil: the deployment has no GitHub App of its own
	now       func() time.Time
}

// Option changes how a Service works.
type Option func(*retry)

// WithoutPauses makes repeated calls follow at once, for tests.
func WithoutPauses() Option {
	return func(r *retry) { r.pauses = func() backoff.BackOff { return &backoff.ZeroBackOff{} } }
}

// Dialling sets the function that opens connections.
func Dialling(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(r *retry) { r.next = newTransport(dial) }
}

// NewService returns a Service. If apiURL is empty or that of a real GitHub, the account's host decides which API is asked.
// Any other apiURL is asked for every account. It must be https, or http on loopback.
func NewService(apiURL string, now func() time.Time, options ...Option) (*Service, error) {
	override, err := parseAPIURL(apiURL)
	if err != nil {
		return nil, fmt.Errorf("GITHUB_API_URL %w", err)
	}
	transport := retry{next: newTransport((&net.Dialer{Timeout: 5 * time.Second}).DialContext), pauses: growing}
	for _, change := range options {
		change(&transport)
	}
	return &Service{override: override, transport: transport, once: transport.next, now: now}, nil
}

func newTransport(dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = dial
	t.TLSHandshakeTimeout = 5 * time.Second
	t.ResponseHeaderTimeout = 10 * time.Second
	t.MaxIdleConnsPerHost = 2 * maxConcurrent
	t.MaxResponseHeaderBytes = 64 << 10
	return t
}

func parseAPIURL(given string) (*url.URL, error) {
	if given == "" {
		return nil, nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("is not a base URL such as https://api.github.com")
	}
	if host, ok := strings.CutPrefix(u.Host, "api."); ok && u.Scheme == "https" {
		if _, err := copilot.ParseHost(host); err == nil {
			return nil, nil
		}
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u)) {
		return nil, errors.New("must be https (plain http on loopback only)")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	return u, nil
}

func isLoopback(u *url.URL) bool {
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// apiURL returns the base of the REST API that serves a host. copilot.ParseHost has checked that the host is GitHub's.
func (s *Service) apiURL(host string) *url.URL {
	if s.override != nil {
		return s.override
	}
	return &url.URL{Scheme: "https", Host: "api." + host, Path: "/"}
}
