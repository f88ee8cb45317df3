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

// Most tests start from one of these two states. The state is built once. Each test continues with a copy of its own.
var begun, complete beginning

// beginning keeps the state of a world of octoDemo after a story has run.
type beginning struct {
	mu    sync.Mutex
	store []byte // nil until the story has run
	ref   connector.Ref
	tasks []later
	mails []connector.Notice
}

// world returns a copy of the world as it is after the story. Its simulated GitHub has counted no calls yet.
func (b *beginning) world(t *testing.T, story func() *world) *world {
	t.Helper()
	b.mu.Lock()
	if b.store == nil {
		b.keep(story())
	}
	b.mu.Unlock()
	return b.copied(t)
}

// keep reads the store's file. Nobody may write to the store at that time.
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
