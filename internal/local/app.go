package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/notify/outbox"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// workers is how many connectors are polled at a time.
const workers = 4

// app does in one program what the functions do on AWS.
type app struct {
	*data
	tasks    *inprocess.Queue
	poller   collect.Poller
	reminder remind.Reminder
	mail     *outbox.Box
	api      http.Handler
	now      func() time.Time
	log      *slog.Logger
}

// newApp connects the program's parts with the stored data.
func newApp(kept *data, service *github.Service, agreed money.Agreed, keepPeopleDays int, now func() time.Time, log *slog.Logger) *app {
	box := &outbox.Box{Table: kept.table, Store: kept.store, Now: now}
	parts := assembly.Parts{GitHub: service, Store: kept.store, Vault: kept.tokens, Post: box, Agreed: agreed, Now: now, Log: log, KeepPeopleDays: keepPeopleDays}
	// There is no pause between the steps of a backfill, because a caller that waits for the queue waits for all steps.
	collector := parts.Collector()
	collector.Store = alone{kept.store}
	tasks := inprocess.New(workers, log, func(ctx context.Context, task connector.Task) error { return collector.Run(ctx, task) })
	collector.Queue, parts.Queue = tasks, tasks
	api := parts.API()
	api.Actor = func(*http.Request) string { return "local" }
	return &app{
		data: kept, tasks: tasks, mail: box, now: now, log: log,
		api: api.Handler(), poller: parts.Poller(), reminder: parts.Reminder(),
	}
}

// alone replaces leases with nothing: only one program has the store open, and its queue handles the tasks of a connector one
// after another. So no program waits for the lease of a program that was killed.
type alone struct{ *store.Store }

func (alone) Acquire(context.Context, connector.Ref, string, time.Time) (bool, error) {
	return true, nil
}

func (alone) Release(context.Context, connector.Ref, string) error { return nil }

// close gives running tasks a moment to end. Everything else continues at the next start.
func (a *app) close() {
	if closeWithin(time.Second, a.tasks) != nil { // the context of the running tasks has ended: they stop at once
		if err := closeWithin(10*time.Second, a.tasks); err != nil {
			a.log.Error("closing", "error", err)
		}
	}
}

func closeWithin(d time.Duration, tasks *inprocess.Queue) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return tasks.Close(ctx)
}

// resume queues again the tasks that were in the queue when the program last ended or was killed. The queue is only in memory.
func (a *app) resume(ctx context.Context) error {
	return a.each(ctx, func(c *connector.Connector) error { return a.tasks.Send(ctx, owed(c, a.now().UTC())...) })
}

// owed returns the tasks for which a connector waits.
func owed(c *connector.Connector, now time.Time) []connector.Task {
	var tasks []connector.Task
	owe := func(reason connector.Reason, scheduledFor time.Time) {
		tasks = append(tasks, connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: scheduledFor, Reason: reason})
	}
	if c.Phase != connector.Live {
		owe(connector.ReasonDeleted, c.CreatedAt) // or its Save has crashed
		return tasks
	}
	if len(c.Forgetting) > 0 {
		owe(connector.ReasonForget, now)
	}
	switch {
	case c.LookedThrough == nil:
		owe(connector.ReasonSaved, c.CreatedAt)
	case c.Backfill != nil:
		owe(connector.ReasonOlder, now)
	}
	if !c.PollAskedAt.IsZero() {
		owe(connector.ReasonAsked, c.PollAskedAt)
	}
	return tasks
}

// each calls a function with every connector, in every phase.
func (a *app) each(ctx context.Context, do func(*connector.Connector) error) error {
	const page = 100
	var after connector.Ref
	for {
		list, err := a.store.Due(ctx, after, page)
		if err != nil {
			return err
		}
		for _, due := range list {
			c, err := a.store.Connector(ctx, due.Ref)
			if err == nil && c != nil {
				err = do(c)
			}
			if err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
		after = list[len(list)-1].Ref
	}
}

// handler serves the Admin API, and the routes that only the local program has.
func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", a.api)
	mux.Handle("/healthz", only(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok "+platform.Version()+"\n") }))
	mux.Handle("/local/schedules/poll", only(http.MethodPost, a.pollNow))
	mux.Handle("/local/schedules/remind", only(http.MethodPost, a.remindNow))
	mux.Handle("/local/mail", only(http.MethodGet, a.listMail))
	return mux
}

// only accepts one method and no query. It answers by the rules of package edge, like the Admin API.
func only(method string, serve http.HandlerFunc) http.Handler {
	return edge.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method {
			w.Header().Set("Allow", method)
			edge.NewProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This path takes "+method+" only.").Write(w)
			return
		}
		if wrong := edge.CheckQuery(r, nil, nil); wrong != nil {
			edge.Invalid(wrong...).Write(w)
			return
		}
		serve(w, r)
	}))
}
