// Package testworld has the parts on which tests of use cases run: a clock that the test moves, a simulated GitHub behind real
// HTTP, and a store in a file. Each test has its own parts, so tests can run in parallel. Nothing here waits, neither for a
// disk nor before a retry. Start reading at Clock, Store and GitHub.
//
// It must not know use cases, and it checks nothing. Only tests import it.
package testworld

import (
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
)

// Clock is a clock that only moves when a test moves it. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that shows an instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now returns the clock's instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to an instant.
func (c *Clock) Set(instant time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = instant
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// StoreFile is the name of the store's file in its folder.
const StoreFile = "store.db"

// Store opens a store in a file in the folder.
func Store(tb testing.TB, folder string, now func() time.Time) *store.Store {
	tb.Helper()
	table, err := bolt.OpenVolatile(filepath.Join(folder, StoreFile), now)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := table.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &store.Store{Table: table, Now: now}
}

// GitHub serves a simulated GitHub with the accounts. It returns a service that calls it, and its address.
func GitHub(tb testing.TB, now func() time.Time, accounts ...githubsim.Account) (*githubsim.Server, *github.Service, string) {
	tb.Helper()
	simulation := githubsim.New(now, accounts...)
	server := httptest.NewServer(simulation)
	tb.Cleanup(server.Close)
	return simulation, Service(tb, server.URL, now), server.URL
}

// Service returns a service that calls a GitHub at an address, and retries without a pause.
func Service(tb testing.TB, url string, now func() time.Time) *github.Service {
	tb.Helper()
	service, err := github.NewService(url, now, github.WithoutPauses())
	if err != nil {
		tb.Fatal(err)
	}
	return service
}
