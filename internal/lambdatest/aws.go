package lambdatest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// AWS stands between one function and what plays AWS for it, and notes which actions the function asks for.
type AWS struct {
	t   *testing.T
	url string

	mu    sync.Mutex
	asked map[string]bool // actions as permissions name them
}

// NewAWS hands what it is asked on to an endpoint.
func NewAWS(t *testing.T, endpoint string) *AWS {
	t.Helper()
	onward, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	a := &AWS{t: t, asked: map[string]bool{}}
	server := httptest.NewServer(a.noting(httputil.NewSingleHostReverseProxy(onward)))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// Environment leads a function here. Region and key are those of internal/awstest.
func (a *AWS) Environment() []string {
	return []string{
		"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_ENDPOINT_URL_DYNAMODB=" + a.url, "AWS_ENDPOINT_URL_SECRETS_MANAGER=" + a.url, "AWS_ENDPOINT_URL_SQS=" + a.url,
		"AWS_ENDPOINT_URL_SNS=" + a.url,
	}
}

// MayAll fails the test for every action that the function asked for and its role in template.yaml does not allow.
func (a *AWS) MayAll(role string) {
	a.t.Helper()
	allowed := allowedBy(a.t, role)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, action := range slices.Sorted(maps.Keys(a.asked)) {
		if !slices.Contains(allowed, action) {
			a.t.Errorf("template.yaml: %s does not allow %s", role, action)
		}
	}
	if len(a.asked) == 0 {
		a.t.Error("the function asked nothing of AWS")
	}
}

func (a *AWS) noting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // a caller that has gone
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a.mu.Lock()
		for _, action := range actionsOf(r.Header.Get("X-Amz-Target"), body) {
			a.asked[action] = true
		}
		a.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// onIndex marks an action on an index of a table, which is a resource of its own.
const onIndex = " on an index"

// actionsOf names the actions that a call needs: a transaction those of its parts, a batch of messages that of one.
func actionsOf(target string, body []byte) []string {
	service, operation, _ := strings.Cut(target, ".")
	switch service {
	case "": // SNS names it in a form
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return []string{err.Error()}
		}
		return []string{"sns:" + form.Get("Action")}
	case "AmazonSQS":
		return []string{"sqs:" + strings.TrimSuffix(operation, "Batch")}
	case "secretsmanager":
		return []string{"secretsmanager:" + operation}
	}
	var call struct {
		IndexName     string
		TransactItems []map[string]any
	}
	if json.Unmarshal(body, &call) != nil {
		return []string{target}
	}
	if call.IndexName != "" {
		operation += onIndex
	}
	if len(call.TransactItems) == 0 {
		return []string{"dynamodb:" + operation}
	}
	var actions []string
	for _, item := range call.TransactItems {
		for kind := range item {
			actions = append(actions, "dynamodb:"+strings.TrimSuffix(kind, "Item")+"Item")
		}
	}
	return actions
}
