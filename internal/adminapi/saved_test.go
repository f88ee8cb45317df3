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

// beginning is the store once an account was saved and its days were read, which most tests begin with: it is done once.
type beginning struct {
	account func() githubsim.Account
	mu      sync.Mutex
	store   []byte // nil: not yet
	path    string // of the connector
}

var (
	octoSaved = &beginning{account: octo}
	busySaved = &beginning{account: busy}
)

// saved serves the API where octo is saved and its days are read, and returns the path of the connector. GitHub knows more
// tokens of octo's where they are given.
func saved(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	return octoSaved.serve(t, more...)
}

// serve serves the API from the beginning on.
func (b *beginning) serve(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	a, connector = b.prepare(t, more...)
	a.serve()
	return a, connector
}

// prepare leaves the API to be changed before it is served. Each test has a copy of the store of its own.
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

// read reads the file of a store that nobody writes to any more.
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

// busy is octo with somebody at work on every day.
func busy() githubsim.Account {
	account := octo()
	account.Seats = 60
	return account
}
