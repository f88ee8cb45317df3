//go:build !race

package store_test

import (
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// TestNoAccessScans checks that every request names a partition: the tests' calls use no Scan.
func TestNoAccessScans(t *testing.T) {
	w := dynamoWorld(t)
	c := w.create(t, "acme", "octo-demo")
	w.fill(t, c.Ref)
	w.phase(t, c.Ref, connector.Live)
	if _, err := w.Due(t.Context(), connector.Ref{}, 10); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Connectors(t.Context(), "acme", "", 10); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Days(t.Context(), c.Ref, month()); err != nil {
		t.Fatal(err)
	}
	if err := w.Remove(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	slices.Sort(w.actions)
	want := []string{"BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems"}
	for i, action := range want {
		want[i] = "DynamoDB_20120810." + action
	}
	if got := slices.Compact(w.actions); !slices.Equal(got, want) {
		t.Errorf("requests to DynamoDB are %v", got)
	}
}
