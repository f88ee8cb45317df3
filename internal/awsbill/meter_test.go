package awsbill_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// meter is the HTTP client of all AWS clients. It counts what AWS would charge for.
type meter struct {
	mu   sync.Mutex
	work work
	busy int // calls to DynamoDB that are under way
	peak int // the most calls at once in the present run of a function
}

// taken returns what was counted since its last call.
func (m *meter) taken() work {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended()
	taken := m.work
	m.work = work{Calls: map[string]int{}}
	return taken
}

// ran counts a run of a function and the bytes of its answer.
func (m *meter) ran(runs, answerBytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended()
	m.work.Runs += runs
	m.work.AnswerBytes += answerBytes
}

// ended adds the connections of a run.
func (m *meter) ended() {
	m.work.Connections += m.peak
	m.peak = 0
}

// Do implements the HTTP client of AWS's SDK. It asks DynamoDB to tell what a call is charged with.
func (m *meter) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	action, err := actionOf(r.Header.Get("X-Amz-Target"), body)
	if err != nil {
		return nil, err
	}
	operation, charged := strings.CutPrefix(action, "dynamodb:")
	if charged {
		body = append([]byte(`{"ReturnConsumedCapacity":"TOTAL",`), bytes.TrimPrefix(body, []byte("{"))...)
	}
	m.begin(action, charged)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response, err := http.DefaultClient.Do(r) //nolint:gosec // where the test told AWS's client to go
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	if !charged {
		return response, nil
	}
	return response, m.end(operation, body, answer)
}

func (m *meter) begin(action string, charged bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.work.Calls[action]++
	if charged {
		m.busy++
		m.peak = max(m.peak, m.busy)
	}
}

// end adds up what DynamoDB charges for a call. A failed call names no charge.
func (m *meter) end(operation string, asked, answer []byte) error {
	units, err := unitsOf(answer)
	if err != nil {
		return err
	}
	switch operation {
	case "BatchGetItem":
		missing, err := missingOf(asked, answer)
		if err != nil {
			return err
		}
		units += missing
	case "Query":
		units = max(units, 0.5) // also for nothing
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy--
	switch operation {
	case "Query", "GetItem", "BatchGetItem":
		m.work.ReadUnits += units
	default:
		m.work.WriteUnits += units
	}
	return nil
}

func unitsOf(answer []byte) (float64, error) {
	type capacity struct{ CapacityUnits float64 }
	var one struct{ ConsumedCapacity capacity }
	if json.Unmarshal(answer, &one) == nil {
		return one.ConsumedCapacity.CapacityUnits, nil
	}
	var several struct{ ConsumedCapacity []capacity }
	if err := json.Unmarshal(answer, &several); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, c := range several.ConsumedCapacity {
		sum += c.CapacityUnits
	}
	return sum, nil
}

// missingOf returns the number of keys for which there is no item. DynamoDB charges a unit for each, but the emulation does not. See
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html.
func missingOf(asked, answer []byte) (float64, error) {
	var request struct {
		RequestItems map[string]struct{ Keys []json.RawMessage }
	}
	var response struct {
		Responses       map[string][]json.RawMessage
		UnprocessedKeys map[string]struct{ Keys []json.RawMessage }
	}
	if err := errors.Join(json.Unmarshal(asked, &request), json.Unmarshal(answer, &response)); err != nil {
		return 0, err
	}
	missing := 0
	for table, of := range request.RequestItems {
		missing += len(of.Keys) - len(response.Responses[table]) - len(response.UnprocessedKeys[table].Keys)
	}
	return float64(missing), nil
}

// actionOf returns the IAM action of a call. A call to SNS has it in a form.
func actionOf(target string, body []byte) (string, error) {
	if target == "" {
		form, err := url.ParseQuery(string(body))
		return "sns:" + form.Get("Action"), err
	}
	service, operation, _ := strings.Cut(target, ".")
	service, _, _ = strings.Cut(strings.TrimPrefix(strings.ToLower(service), "amazon"), "_") // DynamoDB_20120810, AmazonSQS
	return service + ":" + operation, nil
}
