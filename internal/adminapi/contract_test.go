package adminapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// answer is what came back, with what most tests ask of it: a verification or a problem.
type answer struct {
	status int
	header http.Header
	body   []byte
	verify.Result
	Code       string
	Detail     string
	Errors     []struct{ Field, Detail string }
	ExistingID string
}

// decode reads an answer as something else.
func decode[T any](t *testing.T, got answer) (v T) {
	t.Helper()
	if err := json.Unmarshal(got.body, &v); err != nil {
		t.Fatalf("%v in %s", err, got.body)
	}
	return v
}

// send asks the API and holds the answer against the contract.
func (a *app) send(method, path, body string) answer {
	a.t.Helper()
	got, err := a.try(method, path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	return got
}

// try is send for goroutines of their own, which may not end a test.
func (a *app) try(method, path, body string) (answer, error) {
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	got := answer{status: response.StatusCode, header: response.Header}
	if got.body, err = io.ReadAll(response.Body); err != nil {
		return answer{}, err
	}
	a.holdAgainstContract(request, body, got)
	a.checkSecrets("answer", string(got.body))
	if !bytes.HasPrefix(got.body, []byte("{")) { // nothing, or an exported table
		return got, nil
	}
	return got, json.Unmarshal(got.body, &got)
}

// holdAgainstContract fails when an answer is not what openapi.yaml promises, or when a request was taken that it does
// not allow.
func (a *app) holdAgainstContract(request *http.Request, body string, got answer) {
	if got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Content-Type-Options") != "nosniff" {
		a.t.Errorf("headers are %v", got.header)
	}
	if got.status == http.StatusNoContent && len(got.body) > 0 {
		a.t.Errorf("204 has a body: %s", got.body)
	}
	var problem struct{ Status any }
	_ = json.Unmarshal(got.body, &problem) // what is no JSON fails below
	if got.status >= 400 && problem.Status != float64(got.status) {
		a.t.Errorf("status %d says of itself that it is %v", got.status, problem.Status)
	}
	route, values := a.route(request)
	if route == nil { // the contract cannot name what is not there
		var value any
		_ = json.Unmarshal(got.body, &value)
		if err := a.contract.Components.Schemas["Problem"].Value.VisitJSON(value); err != nil || got.status != http.StatusNotFound {
			a.t.Errorf("%s, which is no path of the contract, got %d %s: %v", request.URL, got.status, got.body, err)
		}
		return
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true}
	asked := &openapi3filter.RequestValidationInput{Request: request, PathParams: values, Route: route, Options: options}
	if got.status < 300 {
		request.Body = io.NopCloser(strings.NewReader(body))
		if err := openapi3filter.ValidateRequest(request.Context(), asked); err != nil {
			a.t.Errorf("openapi.yaml does not allow what was taken: %v", err)
		}
	}
	err := openapi3filter.ValidateResponse(request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked, Status: got.status, Header: got.header,
		Body: io.NopCloser(bytes.NewReader(got.body)), Options: options,
	})
	if err != nil {
		a.t.Errorf("%s %s: the answer is not what openapi.yaml promises: %v\n%s", request.Method, request.URL, err, got.body)
	}
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// route finds the operation that a request is for, any of the path where it does not take the method.
func (a *app) route(request *http.Request) (*routers.Route, map[string]string) {
	for template, item := range a.contract.Paths.Map() {
		names := placeholder.FindAllStringSubmatch(template, -1)
		pattern := regexp.MustCompile("^" + placeholder.ReplaceAllString(template, "([^/]+)") + "$")
		values := pattern.FindStringSubmatch(request.URL.EscapedPath())
		if values == nil || request.URL.Path != path.Clean(request.URL.Path) {
			continue
		}
		params := map[string]string{}
		for i, name := range names {
			params[name[1]] = values[i+1]
		}
		operation := item.GetOperation(request.Method)
		for _, other := range item.Operations() {
			if operation == nil {
				operation = other
			}
		}
		return &routers.Route{Spec: a.contract, Path: template, PathItem: item, Method: request.Method, Operation: operation}, params
	}
	return nil, nil
}

func loadContract(t *testing.T) *openapi3.T {
	t.Helper()
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := contract.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return contract
}
