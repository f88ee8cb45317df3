package secretsmanager_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssecretsmanager "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

const (
	prefix  = "copilot-connector/test/"
	account = "123456789012"
)

// fakeSecrets answers as Secrets Manager does, for the calls that a vault makes.
type fakeSecrets struct {
	failure func(action string, nth int) failure // for the nth call of an action, counted from 1

	mu      sync.Mutex
	secrets map[string]*secret
	asked   []request
}

type request struct {
	action string
	secretRequest
}

type secretRequest struct {
	Name, SecretID, SecretString, ClientRequestToken string
	VersionStage, RemoveFromVersionID, KMSKeyID      string
	ForceDeleteWithoutRecovery                       bool
}

type secret struct {
	values map[string]string // by version
	labels map[string]string // version by label
}

// failure is what happens to a call instead of, or besides, its answer.
type failure struct {
	status int    // status of the answer; 0: no failure
	body   string // body of the answer
	landed bool   // the call took effect, and only its answer is lost
	stale  bool   // the answer is the one from before the last put
}

var (
	down      = failure{status: http.StatusInternalServerError}
	lost      = failure{status: http.StatusInternalServerError, landed: true}
	throttled = failure{status: http.StatusBadRequest, body: `{"__type":"ThrottlingException"}`}
	denied    = failure{status: http.StatusBadRequest, body: `{"__type":"AccessDeniedException","message":"arn:aws:iam::` + account + `:role/x may not ` + vaulttest.Canary + `"}`}
)

func (f *fakeSecrets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.secrets == nil {
		f.secrets = make(map[string]*secret)
	}
	asked := request{action: strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")}
	if err := json.NewDecoder(r.Body).Decode(&asked.secretRequest); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.asked = append(f.asked, asked)
	var trouble failure
	if f.failure != nil {
		trouble = f.failure(asked.action, len(slices.DeleteFunc(f.actions(), func(a string) bool { return a != asked.action })))
	}
	if trouble.status != 0 && !trouble.landed {
		w.WriteHeader(trouble.status)
		_, _ = w.Write([]byte(trouble.body))
		return
	}
	answer, code := f.apply(asked, trouble.stale)
	switch {
	case trouble.landed:
		w.WriteHeader(trouble.status)
	case code != "":
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]any{"__type": code, "message": "arn:aws:secretsmanager:eu-west-1:" + account + ":secret:" + asked.Name + asked.SecretID}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// apply carries out a call. It returns the answer, or the code of a refusal.
func (f *fakeSecrets) apply(asked request, stale bool) (map[string]any, string) {
	there := f.secrets[asked.SecretID]
	switch asked.action {
	case "CreateSecret":
		if old := f.secrets[asked.Name]; old != nil {
			if old.values[asked.ClientRequestToken] == asked.SecretString {
				return map[string]any{}, ""
			}
			return nil, "ResourceExistsException"
		}
		f.secrets[asked.Name] = &secret{
			values: map[string]string{asked.ClientRequestToken: asked.SecretString},
			labels: map[string]string{"AWSCURRENT": asked.ClientRequestToken},
		}
		return map[string]any{}, ""
	case "DeleteSecret":
		delete(f.secrets, asked.SecretID) // with force, deleting an absent secret is no error
		return map[string]any{}, ""
	}
	if there == nil {
		return nil, "ResourceNotFoundException"
	}
	switch asked.action {
	case "PutSecretValue":
		if _, again := there.values[asked.ClientRequestToken]; !again {
			there.values[asked.ClientRequestToken] = asked.SecretString
			there.labels["AWSPREVIOUS"] = there.labels["AWSCURRENT"]
			there.labels["AWSCURRENT"] = asked.ClientRequestToken
		}
		return map[string]any{}, ""
	case "DescribeSecret":
		versions := make(map[string][]string)
		for label, version := range there.labels {
			versions[version] = append(versions[version], label)
		}
		if stale {
			versions = map[string][]string{there.labels["AWSPREVIOUS"]: {"AWSCURRENT"}}
		}
		return map[string]any{"VersionIdsToStages": versions}, ""
	case "UpdateSecretVersionStage":
		if there.labels[asked.VersionStage] != asked.RemoveFromVersionID {
			return nil, "InvalidParameterException"
		}
		delete(there.labels, asked.VersionStage)
		return map[string]any{}, ""
	case "GetSecretValue":
		value, ok := there.values[there.labels[asked.VersionStage]]
		if !ok {
			return nil, "ResourceNotFoundException"
		}
		return map[string]any{"SecretString": value}, ""
	}
	return nil, "UnknownOperationException"
}

func (f *fakeSecrets) actions() []string {
	var actions []string
	for _, a := range f.asked {
		actions = append(actions, a.action)
	}
	return actions
}

// readable lists the values that can be read by a label.
func (f *fakeSecrets) readable() []string {
	var values []string
	for _, s := range f.secrets {
		for _, version := range s.labels {
			values = append(values, s.values[version])
		}
	}
	return values
}

func (f *fakeSecrets) vault() *secretsmanager.Vault {
	return secretsmanager.New(awssecretsmanager.New(options(direct{f})), prefix)
}

func options(client awssecretsmanager.HTTPClient) awssecretsmanager.Options {
	return awssecretsmanager.Options{
		Region:      "eu-west-1",
		Credentials: aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")),
		HTTPClient:  client,
	}
}

// direct is an HTTP client without a network, for tests with a fake clock.
type direct struct{ handler http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	response := w.Result()
	response.Request = r
	return response, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
