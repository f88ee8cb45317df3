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
	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/notify/outbox"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
)

// workers is how many connectors are polled at a time.
const workers = 4

// app is everything that the functions are on AWS, in one program.
type app struct {
	table    *bolt.Table
	store    *store.Store
	tokens   *files.Vault
	tasks    *inprocess.Queue
	poller   collect.Poller
	reminder remind.Reminder
	mail     *outbox.Box
	api      http.Handler
	now      func() time.Time
	log      *slog.Logger
}

// open opens what is kept in dir, or begins it.
func open(dir string, service *github.Service, agreed money.Agreed, now func() time.Time, log *slog.Logger) (*app, error) {
	table, err := openTable(dir, now)
	if err != nil {
		return nil, fmt.Errorf("%w (DATA_DIR names another directory)", err)
	}
	tokens, err := files.Open(filepath.Join(dir, "tokens"))
	if err != nil {
		return nil, errors.Join(err, table.Close())
	}
	stored := &store.Store{Table: table, Now: now}
	box := &outbox.Box{Table: table, Store: stored, Now: now}
	parts := assembly.Parts{GitHub: service, Store: stored, Vault: tokens, Post: box, Agreed: agreed, Now: now, Log: log}
	// No pause between the steps of a backfill: whoever waits for the queue waits for all of it.
	collector := parts.Collector()
	collector.Store = alone{stored}
	tasks := inprocess.New(workers, log, func(ctx context.Context, task connector.Task) error { return collector.Run(ctx, task) })
	collector.Queue, parts.Queue = tasks, tasks
	api := parts.API()
	api.Actor = func(*http.Request) string { return "local" }
	return &app{
		table: table, store: stored, tokens: tokens, tasks: tasks, mail: box, now: now, log: log,
		api: api.Handler(), poller: parts.Poller(), reminder: parts.Reminder(),
	}, nil
}

// alone needs no leases: one program at a time has the store open, and its queue does the tasks of a connector one after
// another. So nobody waits for the lease of a program that was killed.
type alone struct{ *store.Store }

func (alone) Acquire(context.Context, connector.Ref, string, time.Time) (bool, error) {
	return true, nil
}

func (alone) Release(context.Context, connector.Ref, string) error { return nil }

// openTable opens the store for the owner of the directory alone.
func openTable(dir string, now func() time.Time) (*bolt.Table, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	path := filepath.Join(dir, "store.db")
	table, err := bolt.Open(path, now)
	if err != nil {
		return nil, errors.New(fault.CauseOf(err))
	}
	if err := os.Chmod(path, 0o600); err != nil { // it may have been copied here
		return nil, errors.Join(err, table.Close())
	}
	return table, nil
}

// close lets what is under way end for a moment. What is left goes on at the next start.
func (a *app) close() {
	err := closeWithin(5*time.Second, a.tasks)
	if err != nil { // then it was told to end at once
		err = closeWithin(5*time.Second, a.tasks)
	}
	if err := errors.Join(err, a.tokens.Close(), a.table.Close()); err != nil {
		a.log.Error("closing", "error", err)
	}
}

func closeWithin(d time.Duration, tasks *inprocess.Queue) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return tasks.Close(ctx)
}

// resume queues what the queue held when the program ended last: it is in memory only.
func (a *app) resume(ctx context.Context) error {
	return a.each(ctx, func(c *connector.Connector) error {
		task := connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: c.CreatedAt, Reason: connector.ReasonSaved}
		switch {
		case c.Phase != connector.Live:
			task.Reason = connector.ReasonDeleted // or its Save has died
		case c.LookedThrough == nil: // also one that was being saved or deleted
		case c.Backfill != nil:
			task.ScheduledFor, task.Reason = a.now().UTC(), connector.ReasonOlder
		default:
			return nil
		}
		return a.tasks.Send(ctx, task)
	})
}

// each hands every connector on, in whatever phase.
func (a *app) each(ctx context.Context, do func(*connector.Connector) error) error {
	const page = 100
	var after connector.Ref
	for {
		refs, err := a.store.Due(ctx, after, page)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			c, err := a.store.Connector(ctx, ref)
			if err == nil && c != nil {
				err = do(c)
			}
			if err != nil {
				return err
			}
		}
		if len(refs) < page {
			return nil
		}
		after = refs[len(refs)-1]
	}
}

// handler serves the Admin API, and beside it what only the local program has.
func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", a.api)
	mux.Handle("/healthz", only(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }))
	mux.Handle("/local/schedules/poll", only(http.MethodPost, a.pollNow))
	mux.Handle("/local/schedules/remind", only(http.MethodPost, a.remindNow))
	mux.Handle("/local/mail", only(http.MethodGet, a.listMail))
	return mux
}

// only lets one method through.
func only(method string, serve http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method {
			w.Header().Set("Allow", method)
			adminapi.Refuse(w, http.StatusMethodNotAllowed, "method_not_allowed", "This path takes "+method+" only.")
			return
		}
		serve(w, r)
	})
}
