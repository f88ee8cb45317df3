package adminapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/contracttest"
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

// contract is openapi.yaml.
var contract = sync.OnceValues(func() (*contracttest.Contract, error) { return contracttest.Open("openapi.yaml") })

func TestTheContractIsGoodOpenAPI(t *testing.T) {
	t.Parallel()
	promised, err := contract()
	if err == nil {
		err = promised.Check()
	}
	if err != nil {
		t.Error(err)
	}
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
	if got.status >= http.StatusBadRequest {
		var problem struct{ Status any }
		_ = json.Unmarshal(got.body, &problem) // what is no JSON fails below
		if problem.Status != float64(got.status) {
			a.t.Errorf("status %d says of itself that it is %v", got.status, problem.Status)
		}
	}
	promised, err := contract()
	if err == nil {
		err = promised.Hold(contracttest.Exchange{
			Method: request.Method, URL: request.URL.RequestURI(), ContentType: request.Header.Get("Content-Type"), Body: []byte(body),
			Status: got.status, Header: got.header, Answer: got.body,
		})
	}
	if err != nil {
		a.t.Errorf("%s %s is not by openapi.yaml: %v\n%d %.400s", request.Method, request.URL, err, got.status, got.body)
	}
}
