package testworld

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Beginning is a store's content after a story, with what the story tells of it. The story happens once. Each test that begins
// there gets a copy.
type Beginning[T any] struct {
	mu    sync.Mutex
	store []byte // nil until the story has happened
	told  T
}

// Copy returns a new folder with a copy of the store, and what the story told. When the story returns, nobody may write to the store
// in its folder any more.
func (b *Beginning[T]) Copy(tb testing.TB, story func() (folder string, told T)) (folder string, told T) {
	tb.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store == nil {
		folder, told := story()
		content, err := os.ReadFile(filepath.Join(folder, StoreFile)) //nolint:gosec // the test's own file
		if err != nil {
			tb.Fatal(err)
		}
		b.store, b.told = content, told
	}
	folder = tb.TempDir()
	if err := os.WriteFile(filepath.Join(folder, StoreFile), b.store, 0o600); err != nil {
		tb.Fatal(err)
	}
	return folder, b.told
}
