package dynamo_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

// proxy stands between a table and DynamoDB Local and makes calls fail.
type proxy struct {
	t  *testing.T
	to string

	mu      sync.Mutex
	failure failure
	calls   map[string]int // count by operation
}

// failure handles the nth call of an operation, counted from 1. It returns false if it leaves the call alone.
type failure func(c *call, n int) bool

// call is one request on its way.
type call struct {
	operation string
	body      []byte
	w         http.ResponseWriter
	forward   func(body []byte) (status int, answer []byte)
}

// throughProxy returns a table of DynamoDB Local behind a proxy.
func throughProxy(t *testing.T, spoil failure) (*dynamo.Table, *proxy) {
	t.Helper()
	client := awstest.DynamoDB(t)
	p := &proxy{t: t, to: *client.Options().BaseEndpoint, failure: spoil, calls: map[string]int{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	behind := dynamodb.New(client.Options(), func(o *dynamodb.Options) { o.BaseEndpoint = &server.URL })
	return dynamo.New(behind, awstest.CreateTable(t, client), time.Now), p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	p.mu.Lock()
	p.calls[operation]++
	n, spoil := p.calls[operation], p.failure
	p.mu.Unlock()

	reads := operation == "GetItem" || operation == "BatchGetItem" || operation == "Query" && !bytes.Contains(body, []byte(`"IndexName"`))
	if reads && !bytes.Contains(body, []byte(`"ConsistentRead":true`)) {
		p.t.Errorf("%s is not a consistent read", operation)
	}
	c := &call{operation: operation, body: body, w: w}
	c.forward = func(body []byte) (int, []byte) {
		onward, err := http.NewRequestWithContext(p.t.Context(), r.Method, p.to, bytes.NewReader(body))
		if err != nil {
			p.t.Error(err)
			return http.StatusInternalServerError, nil
		}
		onward.Header = r.Header.Clone()
		response, err := http.DefaultClient.Do(onward) //nolint:gosec // to DynamoDB Local
		if err != nil {
			p.t.Error(err)
			return http.StatusInternalServerError, nil
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			p.t.Error(err)
		}
		return response.StatusCode, answer
	}
	if spoil != nil && spoil(c, n) {
		return
	}
	c.answer(c.forward(body))
}

func (c *call) answer(status int, body []byte) {
	c.w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body)
}

// refuse answers with an error of AWS.
func (c *call) refuse(status int, code, fields string) {
	c.answer(status, fmt.Appendf(nil, `{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"no"%s}`, code, fields))
}

// hangUp closes the connection without an answer.
func (c *call) hangUp() { panic(http.ErrAbortHandler) }

func (p *proxy) spoil(by failure) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failure = by
}

func (p *proxy) called(operation string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[operation]
}
