// Package testworld has the parts on which tests of use cases run: a clock that the test moves, a simulated GitHub behind real
// HTTP, a store in a file, a queue that keeps tasks, and a post that keeps mails. Each test has its own parts, so tests can run
// in parallel. Nothing here waits, neither for a disk nor before a retry. Start reading at Clock, Store and GitHub. Package
// assembled joins the parts to the whole program.
//
// It must not know use cases, and it checks nothing. Only tests import it.
package testworld

import (
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
)

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
