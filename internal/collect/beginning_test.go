package collect_test

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// What most tests begin with is lived through once. Each test goes on from a copy of its own.
var begun, complete beginning

// beginning keeps what there is in the world of octoDemo at the end of a story.
type beginning struct {
	mu    sync.Mutex
	store []byte // nil: the story was not told yet
	ref   connector.Ref
	tasks []later
	mails []connector.Notice
}

// world returns a world as the story leaves it, in a GitHub that was asked nothing since.
func (b *beginning) world(t *testing.T, story func() *world) *world {
	t.Helper()
	b.mu.Lock()
	if b.store == nil {
		b.keep(story())
	}
	b.mu.Unlock()
	return b.copied(t)
}

// keep reads the file of a store that nobody writes to any more.
func (b *beginning) keep(told *world) {
	told.t.Helper()
	content, err := os.ReadFile(filepath.Join(told.folder, testworld.StoreFile))
	if err != nil {
		told.t.Fatal(err)
	}
	b.store, b.ref, b.tasks, b.mails = content, told.ref, told.tasks, told.mails
}

func (b *beginning) copied(t *testing.T) *world {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, testworld.StoreFile), b.store, 0o600); err != nil {
		t.Fatal(err)
	}
	w := createIn(t, folder, octoDemo())
	if err := w.tokens.Put(t.Context(), b.ref.Tenant, b.ref.ID, credential.NewToken(secret)); err != nil {
		t.Fatal(err)
	}
	w.ref, w.tasks, w.mails = b.ref, slices.Clone(b.tasks), slices.Clone(b.mails)
	return w
}
