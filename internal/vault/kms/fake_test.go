package kms_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"cloudmonitor.ai/copilot-connector/internal/vault/kms"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

const account = "123456789012"

var place = kms.Place{Table: "tokens-of-the-stack", Key: "arn:aws:kms:eu-west-1:" + account + ":key/of-the-stack", Stack: "copilot-test"}

// fakeAWS answers as KMS and DynamoDB do, for the calls that a vault makes.
type fakeAWS struct {
	failure func(action string, nth int) failure // for the nth call of an action, counted from 1

	mu    sync.Mutex
	items map[string][]byte // ciphertexts by connector
	asked []string
	seen  map[string]int
}

// failure is what happens to a call instead of, or besides, its answer.
type failure struct {
	status int    // status of the answer; 0: no failure
	body   string // body of the answer
	landed bool   // the call took effect, and only its answer is lost
}

var (
	down      = failure{status: http.StatusInternalServerError}
	lost      = failure{status: http.StatusInternalServerError, landed: true}
	throttled = failure{status: http.StatusBadRequest, body: `{"__type":"ThrottlingException"}`}
	denied    = failure{status: http.StatusBadRequest, body: `{"__type":"AccessDeniedException","message":"arn:aws:iam::` + account + `:role/x may not ` + vaulttest.Canary + `"}`}
)

// sealed is the fake's ciphertext: it holds all that decryption needs.
type sealed struct {
	Key       string
	Context   map[string]string
	Plaintext []byte
}

type blob struct {
	B []byte `json:"B,omitempty"`
	S string `json:"S,omitempty"`
}

type fakeRequest struct {
	KeyID               string `json:"KeyId"`
	Plaintext           []byte
	CiphertextBlob      []byte
	EncryptionContext   map[string]string
	TableName           string
	Item, Key           map[string]blob
	ConditionExpression string
	ConsistentRead      bool
}

func (f *fakeAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var asked fakeRequest
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if f.seen == nil {
		f.seen, f.items = map[string]int{}, map[string][]byte{}
	}
	f.seen[action]++
	f.asked = append(f.asked, action)
	var trouble failure
	if f.failure != nil {
		trouble = f.failure(action, f.seen[action])
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if trouble.status != 0 && !trouble.landed {
		w.WriteHeader(trouble.status)
		_, _ = w.Write([]byte(trouble.body))
		return
	}
	answer, code := f.apply(action, asked)
	switch {
	case trouble.landed:
		w.WriteHeader(trouble.status)
	case code != "":
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]any{"__type": code, "message": "arn:aws:dynamodb:eu-west-1:" + account + ":table/" + place.Table}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// apply carries out a call. It returns the answer, or the code of a refusal.
func (f *fakeAWS) apply(action string, asked fakeRequest) (map[string]any, string) {
	if (asked.TableName != "" && asked.TableName != place.Table) || (asked.KeyID != "" && asked.KeyID != place.Key) {
		return nil, "ResourceNotFoundException"
	}
	switch action {
	case "Encrypt":
		ciphertext, _ := json.Marshal(sealed{asked.KeyID, asked.EncryptionContext, asked.Plaintext})
		return map[string]any{"CiphertextBlob": ciphertext}, ""
	case "Decrypt":
		var opened sealed
		if json.Unmarshal(asked.CiphertextBlob, &opened) != nil || opened.Key != asked.KeyID || !reflect.DeepEqual(opened.Context, asked.EncryptionContext) {
			return nil, "InvalidCiphertextException"
		}
		return map[string]any{"Plaintext": opened.Plaintext}, ""
	case "PutItem":
		name := asked.Item["connector"].S
		if _, there := f.items[name]; there && asked.ConditionExpression != "" {
			return nil, "ConditionalCheckFailedException"
		}
		f.items[name] = asked.Item["sealed"].B
		return map[string]any{}, ""
	case "GetItem":
		ciphertext, there := f.items[asked.Key["connector"].S]
		if !there || !asked.ConsistentRead { // an eventually consistent read may be older than the last write
			return map[string]any{}, ""
		}
		return map[string]any{"Item": map[string]blob{"connector": asked.Key["connector"], "sealed": {B: ciphertext}}}, ""
	case "DeleteItem":
		delete(f.items, asked.Key["connector"].S)
		return map[string]any{}, ""
	}
	return nil, "UnknownOperationException"
}

func (f *fakeAWS) vault() *kms.Vault {
	config := aws.Config{
		Region:      "eu-west-1",
		Credentials: aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")),
		HTTPClient:  direct{f},
	}
	return kms.New(awskms.NewFromConfig(config), dynamodb.NewFromConfig(config), place)
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
