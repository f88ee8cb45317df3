package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
	"cloudmonitor.ai/copilot-connector/internal/store/tabletest"
)

func TestTableKeepsTheContract(t *testing.T) {
	tabletest.Run(t, func(t *testing.T, now func() time.Time) store.Table {
		return open(t, filepath.Join(t.TempDir(), "store"), now)
	})
}

func open(t *testing.T, path string, now func() time.Time) *bolt.Table {
	t.Helper()
	table, err := bolt.Open(path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	})
	return table
}
