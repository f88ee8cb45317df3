package platform

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// timeToAnswer is what a handler has left once its context has ended, to put away what it was at and to say so.
const timeToAnswer = 2 * time.Second

// HTTPHandler lets h answer the events of an API Gateway HTTP API (payload format 2.0).
//
// The context of the request ends a little before Lambda ends the function, so that there is time to answer. The error
// is always nil: what goes wrong is an answer of h, so that the caller gets our words and not the gateway's.
func HTTPHandler(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-timeToAnswer))
			defer cancel()
		}
		ctx = context.WithValue(ctx, callerKey{}, caller(event))
		w := newResponseWriter()
		if r, err := newRequest(ctx, event); err != nil {
			refuse(w, err)
		} else {
			h.ServeHTTP(w, r)
		}
		return w.response(), nil
	}
}

type callerKey struct{}

// caller is the IAM principal that signed the request; the gateway lets nobody in without.
func caller(event events.APIGatewayV2HTTPRequest) string {
	if authorizer := event.RequestContext.Authorizer; authorizer != nil && authorizer.IAM != nil {
		return authorizer.IAM.UserARN
	}
	return ""
}

// Caller returns the IAM principal that signed a request which HTTPHandler has handed on; empty when none is known.
func Caller(r *http.Request) string {
	name, _ := r.Context().Value(callerKey{}).(string)
	return name
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

// refuse answers what never reached the handler, in the handler's own form.
func refuse(w http.ResponseWriter, reason error) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusBadRequest)
	// Strings and a number cannot fail to marshal, nor can the writer fail.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "about:blank", "title": http.StatusText(http.StatusBadRequest), "status": http.StatusBadRequest,
		"code": "invalid_input", "detail": reason.Error(),
	})
}
