package dynamo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

func TestUnprocessedPartsOfABatchAreSentAgain(t *testing.T) {
	table, p := throughProxy(t, func(c *call, _ int) bool {
		switch c.operation {
		case "BatchWriteItem":
			c.half("RequestItems", "UnprocessedItems", func(whole json.RawMessage) (now, later any) {
				var writes []json.RawMessage
				decode(t, whole, &writes)
				return writes[:(len(writes)+1)/2], writes[(len(writes)+1)/2:]
			})
		case "BatchGetItem":
			c.half("RequestItems", "UnprocessedKeys", func(whole json.RawMessage) (now, later any) {
				var reads struct {
					Keys           []json.RawMessage
					ConsistentRead bool
				}
				decode(t, whole, &reads)
				keys := reads.Keys
				reads.Keys = keys[:(len(keys)+1)/2]
				rest := reads
				rest.Keys = keys[(len(keys)+1)/2:]
				return reads, rest
			})
		default:
			return false
		}
		return true
	})
	var items []store.Item
	var keys []store.Key
	var want []string
	for n := range 60 {
		i := item(fmt.Sprintf("%03d", n))
		items, keys, want = append(items, i), append(keys, i.Key), append(want, i.Sort+" 1 "+i.Sort)
	}
	if err := table.PutAll(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	holds(t, table, want...)
	got, err := table.GetAll(t.Context(), keys)
	if err != nil || len(got) != len(items) {
		t.Errorf("got %d items, %v, want %d", len(got), err, len(items))
	}
	if err := table.DeleteAll(t.Context(), keys[1:]); err != nil {
		t.Fatal(err)
	}
	holds(t, table, want[0])
	if n := p.called("BatchWriteItem"); n <= 6 {
		t.Errorf("only %d calls: every batch was processed at once", n)
	}
}

// half forwards one part of a batch. Its answer says that the other part was not processed.
func (c *call) half(asked, undone string, split func(json.RawMessage) (now, later any)) {
	var request, answer map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &request); err != nil {
		c.answer(http.StatusBadRequest, nil)
		return
	}
	var tables map[string]json.RawMessage
	_ = json.Unmarshal(request[asked], &tables)
	now, later := map[string]any{}, map[string]any{}
	for name, whole := range tables {
		now[name], later[name] = split(whole)
	}
	request[asked], _ = json.Marshal(now)
	body, _ := json.Marshal(request)
	status, answered := c.forward(body)
	_ = json.Unmarshal(answered, &answer)
	answer[undone], _ = json.Marshal(later)
	answered, _ = json.Marshal(answer)
	c.answer(status, answered)
}

func decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Error(err)
	}
}
