package adminapi_test

import (
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// beginning is the store of a saved account whose days are read. Most tests start from it, so it is built once.
type beginning struct {
	account func() githubsim.Account
	mu      sync.Mutex
	store   []byte // nil: not built yet
	path    string // path of the connector
}

var (
	octoSaved = &beginning{account: octo}
	busySaved = &beginning{account: busy}
)

// saved serves the API with octo saved and its days read, and returns the connector's path. The simulated GitHub also knows the
// tokens in more.
func saved(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	return octoSaved.serve(t, more...)
}

// serve serves the API from this beginning.
func (b *beginning) serve(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	a, connector = b.prepare(t, more...)
	a.serve()
	return a, connector
}

// prepare is serve without the serving, so that a test can change the API before. Each test gets a copy of the store.
func (b *beginning) prepare(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	store, connector := b.read(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, testworld.StoreFile), store, 0o600); err != nil {
		t.Fatal(err)
	}
	account := b.account()
	account.Tokens = append(account.Tokens, more...)
	a = prepareIn(t, dir, account)
	if err := a.lifecycle.Vault.Put(t.Context(), path.Base(tenant), path.Base(connector), credential.NewToken(canary)); err != nil {
		t.Fatal(err)
	}
	return a, connector
}

// read reads the store's file. Nobody may write to the store at that time.
func (b *beginning) read(t *testing.T) (content []byte, connector string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store != nil {
		return b.store, b.path
	}
	a := start(t, b.account())
	connector = a.saved()
	content, err := os.ReadFile(filepath.Join(a.dir, testworld.StoreFile))
	if err != nil {
		t.Fatal(err)
	}
	b.store, b.path = content, connector
	return content, connector
}

// busy returns octo with activity on every day.
func busy() githubsim.Account {
	account := octo()
	account.Seats = 60
	return account
}
