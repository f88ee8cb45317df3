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

// answer is an answer of the API, decoded as a verification or a problem, which most tests need.
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

// decode decodes an answer as another type.
func decode[T any](t *testing.T, got answer) (v T) {
	t.Helper()
	if err := json.Unmarshal(got.body, &v); err != nil {
		t.Fatalf("%v in %s", err, got.body)
	}
	return v
}

// send calls the API and compares the answer with the contract.
func (a *app) send(method, path, body string) answer {
	a.t.Helper()
	got, err := a.try(method, path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	return got
}

// try is send for goroutines, which must not call FailNow.
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
	if !bytes.HasPrefix(got.body, []byte("{")) { // an empty answer, or an exported table
		return got, nil
	}
	return got, json.Unmarshal(got.body, &got)
}

// contract is openapi.yaml.
var contract = sync.OnceValues(func() (*contracttest.Contract, error) { return contracttest.Open("openapi.yaml") })

func TestTheContractIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	promised, err := contract()
	if err == nil {
		err = promised.Check()
	}
	if err != nil {
		t.Error(err)
	}
}

// holdAgainstContract fails the test if openapi.yaml does not allow the answer, or if a request was accepted that it does not
// allow.
func (a *app) holdAgainstContract(request *http.Request, body string, got answer) {
	if got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Content-Type-Options") != "nosniff" {
		a.t.Errorf("headers are %v", got.header)
	}
	if got.status == http.StatusNoContent && len(got.body) > 0 {
		a.t.Errorf("204 has a body: %s", got.body)
	}
	if got.status >= http.StatusBadRequest {
		var problem struct{ Status any }
		_ = json.Unmarshal(got.body, &problem) // an answer that is not JSON fails below
		if problem.Status != float64(got.status) {
			a.t.Errorf("the answer's status is %d, and its body says %v", got.status, problem.Status)
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
		a.t.Errorf("%s %s does not follow openapi.yaml: %v\n%d %.400s", request.Method, request.URL, err, got.status, got.body)
	}
}
