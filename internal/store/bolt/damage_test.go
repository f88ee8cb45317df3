package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
)

// filled returns the bytes of a store with some dozens of used pages.
func filled(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	table := open(t, path, at(noon))
	var items []store.Item
	for i := range 120 {
		key := store.Key{Partition: fmt.Sprintf("p%d", i%7), Sort: fmt.Sprintf("s%04d", i)}
		items = append(items, store.Item{Key: key, Body: bytes.Repeat([]byte("body"), 10*(i%90+1)), Listed: store.Listing{Index: "due", Sort: key.Sort}})
	}
	if err := table.PutAll(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	shut(t, table)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestADamagedFileIsReportedAndNotChanged(t *testing.T) {
	t.Parallel()
	whole := filled(t)
	used := len(bytes.TrimRight(whole, "\x00")) // bbolt grows a file by many pages at once
	noise := rand.NewChaCha8([32]byte{1})
	random := make([]byte, 50_000)
	_, _ = noise.Read(random)
	with := func(change func(content []byte)) []byte {
		content := bytes.Clone(whole)
		change(content)
		return content
	}
	cases := map[string][]byte{
		"empty":             {},
		"of random bytes":   random,
		"of text":           bytes.Repeat([]byte("no store\n"), 2000),
		"cut to two pages":  whole[:8192],
		"cut to three":      whole[:12288],
		"cut in the middle": whole[:used/2],
		"of one byte":       whole[:1],
		"with both metas zeroed": with(func(content []byte) {
			clear(content[:8192])
		}),
	}
	for name, content := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := bolt.Open(path, at(noon)); !errors.Is(err, bolt.ErrDamaged) || !fault.Is(err, fault.Store) {
				t.Errorf("Open returned %v, want ErrDamaged", err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
				t.Errorf("the file was changed: %d bytes, %v", len(after), err)
			}
		})
	}
}

// Each page in turn is damaged. Damage to a page that nothing refers to does no harm.
func TestEachDamagedPageIsReportedOrDoesNoHarm(t *testing.T) {
	t.Parallel()
	whole := filled(t)
	noise := rand.NewChaCha8([32]byte{2})
	for _, kind := range []string{"zeroed", "random"} {
		told := 0
		pages := min(len(whole)/4096, 80)
		for page := 2; page < pages; page++ {
			content := bytes.Clone(whole)
			spoiled := content[page*4096 : (page+1)*4096]
			clear(spoiled)
			if kind == "random" {
				_, _ = noise.Read(spoiled)
			}
			path := filepath.Join(t.TempDir(), "store")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			table, err := bolt.Open(path, at(noon))
			if err != nil {
				if !errors.Is(err, bolt.ErrDamaged) {
					t.Errorf("page %d %s: %v", page, kind, err)
				}
				told++
				continue
			}
			for i := range 7 {
				for _, err := range table.Query(t.Context(), store.Range{Partition: fmt.Sprintf("p%d", i)}) {
					if err != nil {
						t.Errorf("page %d %s: Open found no damage, and Query returned %v", page, kind, err)
					}
				}
			}
			shut(t, table)
		}
		if told < 20 {
			t.Errorf("of %d pages %s Open reported only %d", pages, kind, told)
		}
	}
}

func TestAFolderInPlaceOfTheFileIsReported(t *testing.T) {
	t.Parallel()
	if _, err := bolt.Open(t.TempDir(), at(noon)); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("Open returned %v, want ErrDamaged", err)
	}
}

// Damage that happens while the program runs must be an error of the call that meets it. It must not end the program.
func TestDamageToAnOpenFileIsAnErrorOfEachCall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(path, filled(t), 0o600); err != nil {
		t.Fatal(err)
	}
	table := open(t, path, at(noon))
	if err := os.Truncate(path, 8192); err != nil {
		t.Fatal(err)
	}
	key := store.Key{Partition: "p1", Sort: "s0001"}
	if _, err := table.Get(t.Context(), key); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("Get: %v", err)
	}
	for _, err := range table.Query(t.Context(), store.Range{Partition: "p1"}) {
		if !errors.Is(err, bolt.ErrDamaged) {
			t.Errorf("Query: %v", err)
		}
	}
	if err := table.Put(t.Context(), store.Item{Key: key, Version: 1}); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("Put: %v", err)
	}
}
