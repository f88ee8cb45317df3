package sqs_test

import (
	"crypto/md5" //nolint:gosec // SQS's own checksum of a message
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/queue/sqs"
)

const (
	account  = "123456789012"
	queueURL = "https://sqs.eu-west-1.amazonaws.com/" + account + "/tasks"
)

// fakeSQS answers SendMessageBatch as SQS does.
type fakeSQS struct {
	latency time.Duration
	refuse  func(call, entry int) string                      // the error code for an entry of a call, both counted from 1; "": the entry is accepted
	forget  func(call, entry int) bool                        // the answer leaves out this entry
	instead func(call int, w http.ResponseWriter) (done bool) // answers a call itself; if it returns false, the entries are accepted as usual

	mu            sync.Mutex
	got           []message
	calls         int
	busy, busiest int // calls in progress
}

type message struct {
	Body  string
	Delay int
}

func (f *fakeSQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := f.enter()
	defer f.leave()
	var batch struct {
		QueueURL string
		Entries  []struct {
			ID, MessageBody string
			DelaySeconds    int
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil || r.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessageBatch" ||
		batch.QueueURL != queueURL || len(batch.Entries) == 0 || len(batch.Entries) > 10 {
		http.Error(w, `{"__type":"com.amazonaws.sqs#InvalidRequest"}`, http.StatusBadRequest)
		return
	}
	time.Sleep(f.latency)
	if f.instead != nil && f.instead(call, w) {
		return
	}
	type outcome map[string]any
	answer := struct{ Successful, Failed []outcome }{}
	for i, entry := range batch.Entries {
		if f.forget != nil && f.forget(call, i+1) {
			continue
		}
		if f.refuse != nil {
			if code := f.refuse(call, i+1); code != "" {
				answer.Failed = append(answer.Failed, outcome{"Id": entry.ID, "Code": code, "SenderFault": false, "Message": "arn:aws:sqs:" + account})
				continue
			}
		}
		f.take(message{entry.MessageBody, entry.DelaySeconds})
		sum := md5.Sum([]byte(entry.MessageBody)) //nolint:gosec // SQS's own checksum of a message
		answer.Successful = append(answer.Successful, outcome{"Id": entry.ID, "MessageId": entry.ID, "MD5OfMessageBody": hex.EncodeToString(sum[:])})
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *fakeSQS) enter() (call int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	f.busy++
	f.busiest = max(f.busiest, f.busy)
	return f.calls
}

func (f *fakeSQS) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy--
}

func (f *fakeSQS) take(m message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, m)
}

// tasks decodes the arrived messages and counts them by connector.
func (f *fakeSQS) tasks(t *testing.T) map[string]int {
	t.Helper()
	arrived := make(map[string]int)
	for _, m := range f.got {
		task, err := queue.Decode(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		arrived[task.Connector]++
	}
	return arrived
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

func sending(handler http.Handler) *sqs.Queue {
	return sqs.New(awssqs.New(options(direct{handler}, nil)), queueURL)
}

func options(client awssqs.HTTPClient, endpoint *string) awssqs.Options {
	return awssqs.Options{
		Region:       "eu-west-1",
		Credentials:  aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")),
		HTTPClient:   client,
		BaseEndpoint: endpoint,
	}
}

// once returns the count by connector if each task arrives once.
func once(tasks []connector.Task) map[string]int {
	arrived := make(map[string]int)
	for _, task := range tasks {
		arrived[task.Connector] = 1
	}
	return arrived
}

func arrivedOnce(t *testing.T, fake *fakeSQS, tasks []connector.Task) {
	t.Helper()
	if diff := cmp.Diff(once(tasks), fake.tasks(t)); diff != "" {
		t.Errorf("tasks sent and arrived differ (-sent +arrived):\n%s", diff)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
