package lambda

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// HTTPHandler lets h answer the events of an API Gateway HTTP API (payload format 2.0).
//
// The context of the request ends a little before Lambda ends the function, so that there is time to answer. The error
// is always nil: what goes wrong is an answer of h, so that the caller gets our words and not the gateway's.
func HTTPHandler(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		ctx, cancel := endingEarly(ctx)
		defer cancel()
		ctx = context.WithValue(ctx, callerKey{}, callerOf(event))
		w := newResponseWriter()
		if r, err := newRequest(ctx, event); err != nil {
			edge.NewProblem(http.StatusBadRequest, "invalid_input", err.Error()).Write(w)
		} else {
			h.ServeHTTP(w, r)
		}
		return w.response(), nil
	}
}

type callerKey struct{}

// caller is who called, as the gateway has found: it lets nobody in whom it does not know.
type caller struct {
	name   string
	claims map[string]string // of a JWT; nil: the request was signed for IAM
}

func callerOf(event events.APIGatewayV2HTTPRequest) caller {
	switch authorizer := event.RequestContext.Authorizer; {
	case authorizer == nil:
		return caller{}
	case authorizer.JWT != nil:
		claims := authorizer.JWT.Claims
		if claims == nil {
			claims = map[string]string{}
		}
		return caller{name: "jwt:" + claims["sub"], claims: claims}
	case authorizer.IAM != nil:
		return caller{name: authorizer.IAM.UserARN}
	}
	return caller{}
}

// Caller returns who sent a request that HTTPHandler has handed on: the IAM principal that signed it, or jwt: and the
// subject of its JWT; empty when none is known.
func Caller(r *http.Request) string {
	c, _ := r.Context().Value(callerKey{}).(caller)
	return c.name
}

// Admits says whether a caller may act for a tenant. Of IAM's callers the gateway has asked their policy, which names
// the path; a JWT must name the tenant in the claim. Nobody else is let in, so that a route which lost its authorizer
// opens nothing.
func Admits(claim string) func(r *http.Request, tenant string) bool {
	return func(r *http.Request, tenant string) bool {
		c, _ := r.Context().Value(callerKey{}).(caller)
		if c.claims == nil {
			return c.name != ""
		}
		return claim != "" && c.claims[claim] == tenant
	}
}

// newRequest fails only when the body is not the base64 it is said to be, or the method is no HTTP method.
func newRequest(ctx context.Context, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return nil, fmt.Errorf("the body is not the base64 it is declared to be: %w", err)
		}
	}
	r, err := http.NewRequestWithContext(ctx, event.RequestContext.HTTP.Method, "/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.URL = requestURL(event)
	r.RemoteAddr = event.RequestContext.HTTP.SourceIP
	for name, value := range event.Headers {
		// Values that came several times are joined with commas and stay so: a date holds a comma too.
		r.Header.Set(name, value)
	}
	if len(event.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	r.Host = cmp.Or(r.Header.Get("Host"), event.RequestContext.DomainName)
	r.Header.Del("Host") // as net/http's server does: Request.Host is the one place for it
	return r, nil
}

// requestURL keeps the path as it was sent, so that an escaped slash stays inside its segment. The gateway may have
// unescaped it already; what then is no valid escaping is taken literally.
func requestURL(event events.APIGatewayV2HTTPRequest) *url.URL {
	u := &url.URL{Path: event.RawPath, RawQuery: event.RawQueryString}
	if path, err := url.PathUnescape(event.RawPath); err == nil {
		u.Path, u.RawPath = path, event.RawPath
	}
	return u
}
