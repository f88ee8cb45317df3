package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

const (
	// workers is how many connectors are polled at a time.
	workers = 4

	// pause lets the backfill of a new connector rest less than on AWS: most often it asks a simulated GitHub.
	pause = 2 * time.Second
)

// app is everything that the functions are on AWS, in one program.
type app struct {
	table  *bolt.Table
	tokens *vault.Files
	tasks  *queue.Local
	poller collect.Poller
	api    http.Handler
	now    func() time.Time
	log    *slog.Logger
}

// open opens what is kept in dir, or begins it.
func open(dir string, service *github.Service, now func() time.Time, log *slog.Logger) (*app, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory (DATA_DIR names another): %w", err)
	}
	table, err := bolt.Open(filepath.Join(dir, "store.db"), now)
	if err != nil {
		return nil, err
	}
	tokens, err := vault.NewFiles(filepath.Join(dir, "tokens"))
	if err != nil {
		return nil, errors.Join(err, table.Close())
	}
	stored := &store.Store{Table: table, Now: now}
	verifier := verify.Verifier{
		Connect: func(host string, token connector.Token) verify.GitHub { return service.Connect(host, token) },
		Now:     now,
	}
	collector := &collect.Collector{
		Connect:  func(host string, token connector.Token) collect.GitHub { return service.Connect(host, token) },
		Verifier: verifier, Store: stored, Vault: tokens, Now: now, Log: log, Pause: pause,
	}
	tasks := queue.NewLocal(workers, log, func(ctx context.Context, task connector.Task) error { return collector.Run(ctx, task) })
	collector.Queue = tasks
	api := adminapi.API{
		Verifier: verifier,
		Connectors: &adminapi.Connectors{
			Lifecycle: lifecycle.Lifecycle{
				Verifier: verifier, Store: stored, Vault: tokens, Queue: tasks, Now: now, Log: log, Backfill: collect.NewBackfill,
			},
			Store: stored,
			Usage: usage.Reader{Store: stored, Now: now},
		},
		Now: now,
		Log: log,
	}
	return &app{
		table: table, tokens: tokens, tasks: tasks, api: api.Handler(), now: now, log: log,
		poller: collect.Poller{Store: stored, Queue: tasks},
	}, nil
}

// close lets what is under way end for a moment. What is left goes on with the next poll.
func (a *app) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := errors.Join(a.tasks.Close(ctx), a.tokens.Close(), a.table.Close()); err != nil {
		a.log.Error("closing", "error", err)
	}
}

// handler serves the Admin API, and beside it what only the local program has.
func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", a.api)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("POST /local/schedules/poll", a.pollNow)
	return mux
}
