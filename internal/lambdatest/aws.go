package lambdatest

import (
	"bytes"
	"cmp"
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

// AWS is a proxy between one function and the program that plays AWS. It records what the function asks for.
type AWS struct {
	t   testing.TB
	url string

	mu    sync.Mutex
	asked map[Call]bool
}

// Call is one request of a function, as far as rights depend on it.
type Call struct {
	Action       string
	Resource     string // the ARN, or * if AWS has no resource for the action
	VersionStage string // the version of a secret that was read
	BoundTo      string // the stack in the encryption context of a call to KMS
}

// NewAWS starts a proxy that forwards all requests to an endpoint.
func NewAWS(t testing.TB, endpoint string) *AWS {
	t.Helper()
	onward, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	a := &AWS{t: t, asked: map[Call]bool{}}
	server := httptest.NewServer(a.noting(httputil.NewSingleHostReverseProxy(onward)))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// Environment returns the variables that make a function send its requests here. Region and key are those of internal/awstest.
func (a *AWS) Environment() []string {
	return []string{
		"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_ENDPOINT_URL_DYNAMODB=" + a.url, "AWS_ENDPOINT_URL_SECRETS_MANAGER=" + a.url, "AWS_ENDPOINT_URL_SQS=" + a.url,
		"AWS_ENDPOINT_URL_SNS=" + a.url, "AWS_ENDPOINT_URL_KMS=" + a.url,
	}
}

// Asked returns what the function has asked for, each call once.
func (a *AWS) Asked() []Call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Collect(maps.Keys(a.asked))
}

// MayAll fails the test for every action that the function asked for and that its role in template.yaml does not allow.
// An index of a table is a resource of its own.
func (a *AWS) MayAll(role string) {
	a.t.Helper()
	allowed := ReadTemplate(a.t).Rights(a.t, role)
	asked := a.Asked()
	for _, call := range asked {
		if !slices.ContainsFunc(allowed, func(r Right) bool {
			return r.Action == call.Action && strings.Contains(r.Resource, "/index/") == strings.Contains(call.Resource, "/index/")
		}) {
			a.t.Errorf("template.yaml: %s does not allow %s on %s", role, call.Action, call.Resource)
		}
	}
	if len(asked) == 0 {
		a.t.Error("the function asked nothing of AWS")
	}
}

func (a *AWS) noting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller is gone
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a.mu.Lock()
		for _, call := range callsOf(r.Header.Get("X-Amz-Target"), body) {
			a.asked[call] = true
		}
		a.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// callsOf returns the calls for which a request needs rights: the parts of a transaction, and one for a batch of messages.
func callsOf(target string, body []byte) []Call {
	service, operation, _ := strings.Cut(target, ".")
	if service == "" { // SNS takes a form instead of JSON
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return []Call{{Action: err.Error()}}
		}
		return []Call{{Action: "sns:" + form.Get("Action"), Resource: topicOf(form)}}
	}
	var request struct {
		TableName, IndexName string
		RequestItems         map[string]json.RawMessage
		TransactItems        []map[string]struct{ TableName string }

		QueueURL string `json:"QueueUrl"`

		SecretID, Name, VersionStage string

		KeyID             string `json:"KeyId"`
		EncryptionContext map[string]string
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return []Call{{Action: target + ": " + err.Error()}}
	}
	switch service {
	case "AmazonSQS":
		queue := request.QueueURL[strings.LastIndexByte(request.QueueURL, '/')+1:]
		return []Call{{Action: "sqs:" + strings.TrimSuffix(operation, "Batch"), Resource: arn("sqs", queue)}}
	case "TrentService": // the first name of KMS, which its API still uses
		return []Call{{Action: "kms:" + operation, Resource: request.KeyID, BoundTo: request.EncryptionContext["stack"]}}
	case "secretsmanager":
		secret := arn(service, "secret:"+cmp.Or(request.SecretID, request.Name)+"-AbCdEf") // AWS appends six random characters to the name
		return []Call{{Action: "secretsmanager:" + operation, Resource: secret, VersionStage: request.VersionStage}}
	}
	var calls []Call
	for _, item := range request.TransactItems {
		for kind, part := range item {
			calls = append(calls, Call{Action: "dynamodb:" + kind + "Item", Resource: arn("dynamodb", "table/"+part.TableName)})
		}
	}
	for table := range request.RequestItems {
		calls = append(calls, Call{Action: "dynamodb:" + operation, Resource: arn("dynamodb", "table/"+table)})
	}
	if request.TableName != "" {
		resource := arn("dynamodb", "table/"+request.TableName)
		if request.IndexName != "" {
			resource += "/index/" + request.IndexName
		}
		calls = append(calls, Call{Action: "dynamodb:" + operation, Resource: resource})
	}
	return calls
}

func topicOf(form url.Values) string {
	switch {
	case form.Has("TopicArn"):
		return form.Get("TopicArn")
	case form.Has("Name"):
		return arn("sns", form.Get("Name"))
	}
	return "*"
}

// arn returns the ARN of a resource in the region of internal/awstest and the account of moto.
func arn(service, resource string) string {
	return "arn:aws:" + service + ":eu-central-1:123456789012:" + resource
}
