package lambda_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

// serve gives the event to h as Lambda would.
func serve(t *testing.T, h http.HandlerFunc, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	answer, err := lambda.HTTPHandler(h)(t.Context(), event)
	if err != nil {
		t.Fatalf("the adapter returned an error: %v", err)
	}
	return answer
}

func TestARealEventBecomesTheOriginalRequest(t *testing.T) {
	raw, err := os.ReadFile("../../../events/verify.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(raw, &event); err != nil {
		t.Fatal(err)
	}
	serve(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := map[string]any{
			"method": r.Method, "path": r.URL.Path, "host": r.Host, "remote": r.RemoteAddr, "body": string(body),
			"length": r.ContentLength, "type": r.Header.Get("Content-Type"),
		}
		want := map[string]any{
			"method": "POST", "path": "/v1/tenants/acme/verify", "host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
			"remote": "203.0.113.10", "body": event.Body, "length": int64(len(event.Body)), "type": "application/json",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("request differs (-want +got):\n%s", diff)
		}
	}, event)
}

func TestThePathKeepsItsMeaning(t *testing.T) {
	for name, tc := range map[string]struct{ raw, path, escaped string }{
		"plain":                               {"/v1/tenants/acme/verify", "/v1/tenants/acme/verify", "/v1/tenants/acme/verify"},
		"an escaped slash stays a character":  {"/v1/tenants/a%2Fb/verify", "/v1/tenants/a/b/verify", "/v1/tenants/a%2Fb/verify"},
		"unescaped by the gateway":            {"/v1/tenants/ä b/verify", "/v1/tenants/ä b/verify", "/v1/tenants/%C3%A4%20b/verify"},
		"a percent sign that escapes nothing": {"/v1/tenants/50%/verify", "/v1/tenants/50%/verify", "/v1/tenants/50%25/verify"},
		"two slashes do not begin a host":     {"//evil.example/verify", "//evil.example/verify", "//evil.example/verify"},
	} {
		t.Run(name, func(t *testing.T) {
			serve(t, func(_ http.ResponseWriter, r *http.Request) {
				if r.URL.Path != tc.path || r.URL.EscapedPath() != tc.escaped || r.URL.Host != "" {
					t.Errorf("got path %q, escaped %q, host %q", r.URL.Path, r.URL.EscapedPath(), r.URL.Host)
				}
			}, events.APIGatewayV2HTTPRequest{RawPath: tc.raw})
		})
	}
}

func TestQueryHeadersAndCookiesArriveUnchanged(t *testing.T) {
	serve(t, func(_ http.ResponseWriter, r *http.Request) {
		got := []any{r.URL.Query()["a"], r.Header.Get("Accept"), r.Header.Get("Host"), len(r.CookiesNamed("two")), r.Host}
		want := []any{[]string{"1", "x y"}, "text/html, application/json", "", 1, "api.example.com"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("request differs (-want +got):\n%s", diff)
		}
	}, events.APIGatewayV2HTTPRequest{
		RawPath: "/", RawQueryString: "a=1&a=x%20y", Cookies: []string{"one=1", "two=2"},
		Headers: map[string]string{"accept": "text/html, application/json", "host": "api.example.com"},
	})
}

func TestABase64BodyIsDecodedBeforeTheHandlerMeasuresIt(t *testing.T) {
	serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4))
		if string(body) != "\xff\x00ab" || err != nil || r.ContentLength != 4 {
			t.Errorf("got body %q, length %d, error %v", body, r.ContentLength, err)
		}
	}, events.APIGatewayV2HTTPRequest{Body: "/wBhYg==", IsBase64Encoded: true})
}

func TestTheRequestEndsBeforeTheFunctionDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 28 * time.Second
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		began := time.Now()
		answer, err := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			w.WriteHeader(http.StatusGatewayTimeout)
		}))(ctx, events.APIGatewayV2HTTPRequest{RawPath: "/"})
		if spent := time.Since(began); err != nil || answer.StatusCode != 504 || spent >= timeout {
			t.Errorf("after %s: %d, %v", spent, answer.StatusCode, err)
		}
	})
}

func TestTheCallerAndTheirTenants(t *testing.T) {
	type authorizer = events.APIGatewayV2HTTPRequestContextAuthorizerDescription
	type jwt = events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription
	for name, tc := range map[string]struct {
		authorizer *authorizer
		claim      string
		caller     string
		admitted   bool
	}{
		"a caller with IAM, checked by the gateway": {
			authorizer: &authorizer{IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: "arn:aws:iam::123456789012:user/a"}},
			claim:      "tenant", caller: "arn:aws:iam::123456789012:user/a", admitted: true,
		},
		"a JWT of the tenant": {
			authorizer: &authorizer{JWT: &jwt{Claims: map[string]string{"sub": "app", "tenant": "acme"}}}, claim: "tenant", caller: "jwt:app", admitted: true,
		},
		"a JWT of another tenant": {
			authorizer: &authorizer{JWT: &jwt{Claims: map[string]string{"sub": "app", "tenant": "acme-2"}}}, claim: "tenant", caller: "jwt:app",
		},
		"a JWT of several tenants, which the gateway writes as one string": {
			authorizer: &authorizer{JWT: &jwt{Claims: map[string]string{"sub": "app", "tenant": "[acme other]"}}}, claim: "tenant", caller: "jwt:app",
		},
		"a JWT without the claim":           {authorizer: &authorizer{JWT: &jwt{Claims: map[string]string{"sub": "app"}}}, claim: "tenant", caller: "jwt:app"},
		"a JWT without claims":              {authorizer: &authorizer{JWT: &jwt{}}, claim: "tenant", caller: "jwt:"},
		"a JWT, but no claim is configured": {authorizer: &authorizer{JWT: &jwt{Claims: map[string]string{"": "acme"}}}, caller: "jwt:"},
		"a caller without an authorizer":    {claim: "tenant"},
		"an authorizer of another kind":     {authorizer: &authorizer{Lambda: map[string]any{"tenant": "acme"}}, claim: "tenant"},
	} {
		t.Run(name, func(t *testing.T) {
			event := events.APIGatewayV2HTTPRequest{RawPath: "/"}
			event.RequestContext.Authorizer = tc.authorizer
			serve(t, func(_ http.ResponseWriter, r *http.Request) {
				if got, admitted := lambda.Caller(r), lambda.Admits(tc.claim)(r, "acme"); got != tc.caller || admitted != tc.admitted {
					t.Errorf("got %q, admitted %t, want %q, %t", got, admitted, tc.caller, tc.admitted)
				}
			}, event)
		})
	}
}

func TestAnInvalidEventIsAnsweredWithAProblem(t *testing.T) {
	unreachable := func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") }
	badMethod := events.APIGatewayV2HTTPRequest{}
	badMethod.RequestContext.HTTP.Method = "GET /"
	for name, event := range map[string]events.APIGatewayV2HTTPRequest{
		"bad base64": {Body: "not base64!", IsBase64Encoded: true},
		"bad method": badMethod,
	} {
		t.Run(name, func(t *testing.T) {
			answer := serve(t, unreachable, event)
			var problem struct {
				Status       int
				Code, Detail string
			}
			if err := json.Unmarshal([]byte(answer.Body), &problem); err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != 400 || answer.Headers["Content-Type"] != "application/problem+json" ||
				problem.Status != 400 || problem.Code != "invalid_input" || problem.Detail == "" {
				t.Errorf("got %d %v %s, want a problem with 400 invalid_input", answer.StatusCode, answer.Headers, answer.Body)
			}
		})
	}
}
