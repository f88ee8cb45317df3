package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Issuer is the issuer at which people sign in, from the operator's settings.
type Issuer struct {
	URL, ClientID, Scope string
	TenantClaim          string // the claim of the access token that names the tenant
}

// SignedIn serves the page to people who sign in at an issuer. It asks the issuer for its endpoints at the first request, and at each
// further request until the issuer has answered. Until then the answer is 503 with a plain sentence.
func SignedIn(issuer Issuer, client *http.Client, log *slog.Logger) http.Handler {
	var mu sync.Mutex
	var ready http.Handler
	open := func(ctx context.Context) (http.Handler, error) {
		mu.Lock()
		defer mu.Unlock()
		if ready != nil {
			return ready, nil
		}
		signIn, err := discover(ctx, client, issuer)
		if err != nil {
			return nil, err
		}
		ready, err = Handler(Settings{SignIn: signIn})
		return ready, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		if next, err := open(r.Context()); err != nil {
			log.ErrorContext(r.Context(), "the issuer cannot be asked", "issuer", issuer.URL, "error", err)
			http.Error(status, "The page cannot be shown: the issuer of sign-ins does not answer as it should. Try again in a minute.", http.StatusServiceUnavailable)
		} else {
			next.ServeHTTP(status, r)
		}
		log.InfoContext(r.Context(), "page", "status", status.status)
	})
}

// statusRecorder remembers the status of an answer for the log.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// maxDiscovery bounds the issuer's discovery document. Real ones are much smaller.
const maxDiscovery = 256 << 10

// discover reads the issuer's discovery document. https://openid.net/specs/openid-connect-discovery-1_0.html
func discover(ctx context.Context, client *http.Client, issuer Issuer) (*SignIn, error) {
	address := strings.TrimSuffix(issuer.URL, "/") + "/.well-known/openid-configuration"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for its discovery document: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("its discovery document: status %d", response.StatusCode)
	}
	var document struct {
		Issuer                string `json:"issuer"`
		AuthorizationEndpoint string `json:"authorization_endpoint"`
		TokenEndpoint         string `json:"token_endpoint"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxDiscovery)).Decode(&document); err != nil {
		return nil, errors.New("its discovery document is no JSON of a size that can be taken")
	}
	if document.Issuer != issuer.URL {
		return nil, errors.New("its discovery document is that of another issuer")
	}
	for _, endpoint := range []string{document.AuthorizationEndpoint, document.TokenEndpoint} {
		if !isPrivate(endpoint) {
			return nil, errors.New("its discovery document names an endpoint without TLS, or none")
		}
	}
	return &SignIn{
		Issuer: document.Issuer, AuthorizationEndpoint: document.AuthorizationEndpoint, TokenEndpoint: document.TokenEndpoint,
		ClientID: issuer.ClientID, Scope: issuer.Scope, TenantClaim: issuer.TenantClaim,
	}, nil
}

// isPrivate reports whether nobody between us and an address can read what is sent: the address has TLS or is on loopback.
func isPrivate(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && ip != nil && ip.IsLoopback()
}
