package dynamo_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/store/tabletest"
)

// Names that an error must not show: the table, the account, the role.
const (
	tableName = "secret-table-name"
	details   = "User: arn:aws:sts::123456789012:assumed-role/" + tabletest.Canary + " on table " + tableName
)

// answers is a DynamoDB that gives the same answer to every request.
type answers func(*http.Request) (*http.Response, error)

func (a answers) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return a(r)
}

func always(status int, body string) answers {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status,
			Header:     http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
			Body:       io.NopCloser(bytes.NewReader([]byte(body))),
		}, nil
	}
}

func tableOf(client dynamodb.HTTPClient) *dynamo.Table {
	endpoint := "https://" + tableName + ".example"
	return dynamo.New(dynamodb.New(dynamodb.Options{
		Region: "eu-central-1", BaseEndpoint: &endpoint, HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider("id", tabletest.Canary, ""),
	}), tableName, time.Now)
}

func TestErrorsTellOnlyTheCodeOfAWS(t *testing.T) {
	fields := fmt.Sprintf(`"message":%q,"Item":{"pk":{"S":%[1]q}}`, details)
	for _, tt := range []struct {
		name   string
		answer answers
		want   string
	}{
		{"not allowed", always(400, `{"__type":"com.amazon.coral.service#AccessDeniedException",`+fields+`}`), "AccessDeniedException"},
		{"no such table", always(400, `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",`+fields+`}`), "ResourceNotFoundException"},
		{"not valid", always(400, `{"__type":"com.amazon.coral.validate#ValidationException",`+fields+`}`), "ValidationException"},
		{"canceled", always(400, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",`+fields+`}`), "TransactionCanceledException"},
		{"too many reasons", always(400, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",`+fields+
			`,"CancellationReasons":[{"Code":"ConditionalCheckFailed"},{"Code":"None"},{"Code":"None"}]}`), "TransactionCanceledException"},
		{"throttled", always(400, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException",`+fields+`}`), "ThrottlingException"},
		{"not JSON", always(200, details), "no usable answer"},
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, errors.New(details) }, "no usable answer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for n, err := range tabletest.Everything(t.Context(), tableOf(tt.answer)) {
					if !fault.Is(err, fault.Store) || !strings.HasSuffix(err.Error(), ": "+tt.want) {
						t.Errorf("call %d: got %v, want %s", n, err, tt.want)
					}
					for text := err; text != nil; text = errors.Unwrap(text) {
						for _, secret := range []string{tableName, "arn:", "123456789012", tabletest.Canary} {
							if strings.Contains(fmt.Sprintf("%+v", text), secret) {
								t.Errorf("call %d: the error shows %q: %v", n, secret, text)
							}
						}
					}
				}
			})
		})
	}
}

func TestAnInvalidItemIsAnError(t *testing.T) {
	const key = `"pk":{"S":"p"},"sk":{"S":"s"},`
	for name, stored := range map[string]string{
		"no key":        `"version":{"N":"1"},"body":{"S":""}`,
		"no sort key":   `"pk":{"S":"p"},"version":{"N":"1"},"body":{"S":""}`,
		"no version":    key + `"body":{"S":""}`,
		"odd version":   key + `"version":{"N":"1.5"},"body":{"S":""}`,
		"text version":  key + `"version":{"S":"1"},"body":{"S":""}`,
		"no body":       key + `"version":{"N":"1"}`,
		"odd body":      key + `"version":{"N":"1"},"body":{"BOOL":true}`,
		"odd expiry":    key + `"version":{"N":"1"},"body":{"S":""},"ttl":{"S":"soon"}`,
		"half an index": key + `"version":{"N":"1"},"body":{"S":""},"ix":{"S":"due"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, tt := range []struct {
				answer string
				read   func(*dynamo.Table) error
			}{
				{`{"Item":{%s}}`, func(table *dynamo.Table) error {
					_, err := table.Get(t.Context(), item("s").Key)
					return err
				}},
				{`{"Responses":{"` + tableName + `":[{%s}]}}`, func(table *dynamo.Table) error {
					_, err := table.GetAll(t.Context(), []store.Key{item("s").Key})
					return err
				}},
				{`{"Items":[{%s}]}`, func(table *dynamo.Table) (last error) {
					for _, err := range table.Query(t.Context(), store.Range{Partition: "p"}) {
						last = err
					}
					return last
				}},
			} {
				err := tt.read(tableOf(always(200, fmt.Sprintf(tt.answer, stored))))
				if !fault.Is(err, fault.Store) || !strings.HasSuffix(err.Error(), "the table holds what is no item") {
					t.Errorf("got %v, want an error that the table has an invalid item", err)
				}
			}
		})
	}
}
