package dynamo_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

func TestOnlyARangeThatMayLagIsReadAtHalfThePrice(t *testing.T) {
	t.Parallel()
	for mayLag, want := range map[bool]string{false: `"ConsistentRead":true`, true: `"ConsistentRead":false`} {
		var asked []byte
		table := tableOf(answers(func(r *http.Request) (*http.Response, error) {
			asked, _ = io.ReadAll(r.Body)
			return always(http.StatusOK, `{"Items":[]}`)(r)
		}))
		for _, err := range table.Query(t.Context(), store.Range{Partition: "p", MayLag: mayLag}) {
			t.Error(err)
		}
		if !bytes.Contains(asked, []byte(want)) {
			t.Errorf("a range that may lag (%t) is asked for by %s", mayLag, asked)
		}
	}
}
