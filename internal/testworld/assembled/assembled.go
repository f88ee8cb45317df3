// Package assembled is the whole program in a test. It joins the parts of package testworld with package assembly, as the functions
// and the local program join theirs. A test takes the use cases that it needs from World.Parts. It replaces a part, or a field of a
// use case, only if the test is about that. It checks nothing, and only tests import it. Start reading at World.
package assembled

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// World has the parts of the program. The use cases that a test took before it replaces a part keep the old one.
type World struct {
	*testworld.Clock
	Parts assembly.Parts

	GitHub *githubsim.Server // which Parts.GitHub calls
	URL    string            // the address of GitHub
	Queue  *testworld.Queue
	Post   *testworld.Post
	Log    *testworld.Log // lines of JSON
	Folder string         // the folder of the store and of the tokens
}

// TokensFolder is the name of the folder of the tokens. It has a file for each token.
const TokensFolder = "tokens"

// New returns a world at an instant, with a GitHub that has the accounts. Its data are in a folder, where a store may be already.
func New(tb testing.TB, folder string, at time.Time, accounts ...githubsim.Account) *World {
	tb.Helper()
	clock := testworld.NewClock(at)
	gitHub, service, url := testworld.GitHub(tb, clock.Now, accounts...)
	w := On(tb, folder, clock, service)
	w.GitHub, w.URL = gitHub, url
	return w
}

// On returns a world with the clock and the service of a test. The service may be nil if nothing calls GitHub.
func On(tb testing.TB, folder string, clock *testworld.Clock, service *github.Service) *World {
	tb.Helper()
	tokens, err := files.Open(filepath.Join(folder, TokensFolder))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = tokens.Close() })
	w := &World{Clock: clock, Queue: testworld.NewQueue(clock.Now), Post: &testworld.Post{}, Log: &testworld.Log{}, Folder: folder}
	w.Parts = assembly.Parts{
		GitHub: service, Store: testworld.Store(tb, folder, clock.Now), Vault: tokens, Queue: w.Queue, Post: w.Post,
		Now: clock.Now, Log: slog.New(slog.NewJSONHandler(w.Log, nil)),
	}
	return w
}

// Anew returns a world at the same instant with the same GitHub and the same log, but without connectors.
func (w *World) Anew(tb testing.TB) *World {
	tb.Helper()
	fresh := On(tb, tb.TempDir(), testworld.NewClock(w.Now()), w.Parts.GitHub)
	fresh.GitHub, fresh.URL, fresh.Log, fresh.Parts.Log = w.GitHub, w.URL, w.Log, w.Parts.Log
	return fresh
}

// Request returns the request with which the Admin App saves an account of the tenant acme.
func Request(scope copilot.Scope, slug string, token credential.Token) lifecycle.Request {
	return lifecycle.Request{
		Request: verify.Request{
			Account: copilot.Account{Host: copilot.GitHubCom, Scope: scope, Slug: slug}, Token: token, IdleAfterDays: seat.DefaultIdleAfterDays,
		},
		Tenant: "acme",
	}
}

// Save saves a connector, and reads nothing.
func (w *World) Save(tb testing.TB, request lifecycle.Request) *connector.Connector {
	tb.Helper()
	saved, err := w.Parts.Lifecycle().Save(tb.Context(), request)
	if err != nil {
		tb.Fatal(err)
	}
	return saved
}
