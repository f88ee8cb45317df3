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
// The context of the request ends a little before Lambda kills the function, so that there is time to answer. The error is
// always nil: h answers every failure itself, because the gateway's own error would tell the caller nothing.
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

// caller is the caller that the gateway has authenticated. The gateway refuses everybody else.
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

// Caller returns the caller of a request from HTTPHandler: the ARN of the IAM principal that signed it, or "jwt:" and the
// subject of its JWT. It returns "" if the caller is unknown.
func Caller(r *http.Request) string {
	c, _ := r.Context().Value(callerKey{}).(caller)
	return c.name
}

// Admits reports whether the caller may act for a tenant. For an IAM caller the gateway has already checked the caller's
// policy, which names the path. A JWT must name the tenant in the claim. Admits refuses every other caller, so that a route
// that has lost its authorizer stays closed.
func Admits(claim string) func(r *http.Request, tenant string) bool {
	return func(r *http.Request, tenant string) bool {
		c, _ := r.Context().Value(callerKey{}).(caller)
		if c.claims == nil {
			return c.name != ""
		}
		return claim != "" && c.claims[claim] == tenant
	}
}

// newRequest converts the gateway's event. It fails only if the body is invalid base64 or the method is invalid.
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
		// The gateway joins repeated headers with commas. We cannot split them again, because a date contains a comma too.
		r.Header.Set(name, value)
	}
	if len(event.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	r.Host = cmp.Or(r.Header.Get("Host"), event.RequestContext.DomainName)
	r.Header.Del("Host") // net/http's server does the same: the host is only in Request.Host
	return r, nil
}

// requestURL keeps the path as it was sent, so that an escaped slash stays inside its segment. The gateway may have unescaped
// the path already; requestURL takes invalid escapes literally.
func requestURL(event events.APIGatewayV2HTTPRequest) *url.URL {
	u := &url.URL{Path: event.RawPath, RawQuery: event.RawQueryString}
	if path, err := url.PathUnescape(event.RawPath); err == nil {
		u.Path, u.RawPath = path, event.RawPath
	}
	return u
}
