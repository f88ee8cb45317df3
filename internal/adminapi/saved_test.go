package adminapi_test

import (
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// savedOcto is the store once octo was saved and its days were read, which most tests begin with: it is done once.
var savedOcto struct {
	mu    sync.Mutex
	store []byte // nil: not yet
	path  string // of the connector
}

// saved serves the API where octo is saved and its days are read, and returns the path of the connector. Each test has a
// copy of its own.
func saved(t *testing.T) (a *app, connector string) {
	t.Helper()
	store, connector := storeOfOcto(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, testworld.StoreFile), store, 0o600); err != nil {
		t.Fatal(err)
	}
	a = prepareIn(t, dir, octo())
	if err := a.lifecycle.Vault.Put(t.Context(), path.Base(tenant), path.Base(connector), credential.NewToken(canary)); err != nil {
		t.Fatal(err)
	}
	a.serve()
	return a, connector
}

// storeOfOcto reads the file of a store that nobody writes to any more.
func storeOfOcto(t *testing.T) (content []byte, connector string) {
	t.Helper()
	savedOcto.mu.Lock()
	defer savedOcto.mu.Unlock()
	if savedOcto.store != nil {
		return savedOcto.store, savedOcto.path
	}
	a := start(t, octo())
	connector = a.saved()
	content, err := os.ReadFile(filepath.Join(a.dir, testworld.StoreFile))
	if err != nil {
		t.Fatal(err)
	}
	savedOcto.store, savedOcto.path = content, connector
	return content, connector
}
