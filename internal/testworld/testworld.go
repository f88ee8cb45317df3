// Package testworld makes what the tests of use cases stand on: a clock that moves when told, a simulated GitHub behind
// real HTTP, a store in a file. Each is a test's own and ends with it, so that tests run side by side. Nothing here waits:
// not for a disk, not before a call is repeated.
//
// It knows no use case and checks nothing; the tests do. Only tests import it.
package testworld

import (
	"context"
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

// Clock is a clock that a test moves. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now tells the time.
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

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// StoreFile is the name of the store's file in its folder.
const StoreFile = "store.db"

// Store opens a store in a file of the folder.
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

// GitHub serves a simulated GitHub that knows the accounts, and returns the service that reaches it and its address.
func GitHub(tb testing.TB, now func() time.Time, accounts ...githubsim.Account) (*githubsim.Server, *github.Service, string) {
	tb.Helper()
	simulation := githubsim.New(now, accounts...)
	server := httptest.NewServer(simulation)
	tb.Cleanup(server.Close)
	return simulation, Service(tb, server.URL, now), server.URL
}

// Service reaches a GitHub at an address, and repeats without a pause.
func Service(tb testing.TB, url string, now func() time.Time) *github.Service {
	tb.Helper()
	service, err := github.NewService(url, now, github.Pausing(atOnce))
	if err != nil {
		tb.Fatal(err)
	}
	return service
}

// atOnce stands for a pause that has passed.
func atOnce(ctx context.Context, _ time.Duration) bool { return ctx.Err() == nil }
