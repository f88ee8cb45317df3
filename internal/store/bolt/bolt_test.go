package bolt_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
	"cloudmonitor.ai/copilot-connector/internal/store/tabletest"
)

func TestTableKeepsTheContract(t *testing.T) {
	tabletest.Run(t, func(t *testing.T, now func() time.Time) store.Table {
		table := open(t, filepath.Join(t.TempDir(), "store"), now)
		t.Cleanup(func() { shut(t, table) })
		return table
	})
}

func TestAReopenedFileHasWhatWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	want := store.Item{
		Key: store.Key{Partition: "p", Sort: "s"}, Body: []byte("body"),
		Listed: store.Listing{Index: "due", Sort: "1"}, Expires: noon.Add(time.Hour),
	}
	table := open(t, path, at(noon))
	if err := table.Put(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	shut(t, table)

	table = open(t, path, at(noon))
	defer shut(t, table)
	want.Version = 1
	got, err := table.Get(t.Context(), want.Key)
	if diff := cmp.Diff(&want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
}

func TestOnlyTheOwnerCanReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	shut(t, open(t, path, at(noon)))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o", mode)
	}
}

func TestASecondProgramGetsAnErrorThatTheFileIsInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	defer shut(t, open(t, path, at(noon)))
	_, err := bolt.Open(path, at(noon))
	if !fault.Is(err, fault.Store) || !strings.HasSuffix(err.Error(), "another make run uses "+path) {
		t.Errorf("Open returned %v, want an error that another make run uses the file", err)
	}
}

func TestAFileThatIsNotAStoreIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no store\n"), 2000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Open(path, at(noon)); !fault.Is(err, fault.Store) {
		t.Errorf("Open returned %v, want code store_failed", err)
	}
}

func TestAClosedTableReturnsAnError(t *testing.T) {
	table := open(t, filepath.Join(t.TempDir(), "store"), at(noon))
	shut(t, table)
	for n, err := range tabletest.Everything(t.Context(), table) {
		if !fault.Is(err, fault.Store) || strings.Contains(err.Error(), tabletest.Canary) {
			t.Errorf("call %d: got %v", n, err)
		}
	}
	shut(t, table)
}

func TestExpiredItemsAreRemovedFromTheFile(t *testing.T) {
	for name, afterwards := range map[string]func(t *testing.T, table *bolt.Table, path string) *bolt.Table{
		"when it is opened": func(t *testing.T, table *bolt.Table, path string) *bolt.Table {
			shut(t, table)
			return open(t, path, at(noon.Add(time.Hour)))
		},
		"by other writes": func(t *testing.T, table *bolt.Table, path string) *bolt.Table {
			shut(t, table)
			now := noon
			table = open(t, path, func() time.Time { return now })
			now = noon.Add(time.Hour)
			for range 30 {
				if err := table.DeleteAll(t.Context(), []store.Key{{Partition: "p", Sort: "other"}}); err != nil {
					t.Fatal(err)
				}
			}
			return table
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store")
			table := open(t, path, at(noon))
			kept := store.Item{Key: store.Key{Partition: "p", Sort: "kept"}, Listed: store.Listing{Index: "due", Sort: "kept"}}
			items := []store.Item{kept}
			for n := range 2500 {
				sort := fmt.Sprintf("%04d", n)
				items = append(items, store.Item{
					Key: store.Key{Partition: "p", Sort: sort}, Listed: store.Listing{Index: "due", Sort: sort}, Expires: noon.Add(time.Minute),
				})
			}
			if err := table.PutAll(t.Context(), items); err != nil {
				t.Fatal(err)
			}
			table = afterwards(t, table, path)
			defer shut(t, table)
			// An index lists what is in the file, expired or not.
			entries, err := table.List(t.Context(), "due", "", 5000)
			if diff := cmp.Diff([]store.Entry{{Sort: "kept", Key: kept.Key}}, entries); err != nil || diff != "" {
				t.Errorf("%v, -want +got\n%s", err, diff)
			}
		})
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func at(instant time.Time) func() time.Time { return func() time.Time { return instant } }

func open(t *testing.T, path string, now func() time.Time) *bolt.Table {
	t.Helper()
	table, err := bolt.Open(path, now)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func shut(t *testing.T, table *bolt.Table) {
	t.Helper()
	if err := table.Close(); err != nil {
		t.Error(err)
	}
}
