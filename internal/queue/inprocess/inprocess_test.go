package inprocess_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/queue/queuetest"
)

// handled records the tasks that a local queue has handed out.
type handled struct {
	mu   sync.Mutex
	seen []connector.Task
}

func (h *handled) add(task connector.Task) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, task)
}

func (h *handled) tasks() []connector.Task {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen
}

func newLocal(t *testing.T, workers int, work func(context.Context, connector.Task) error) (*inprocess.Queue, *handled) {
	t.Helper()
	seen := &handled{}
	return inprocess.New(workers, slog.New(slog.DiscardHandler), func(ctx context.Context, task connector.Task) error {
		seen.add(task)
		if work == nil {
			return nil
		}
		return work(ctx, task)
	}), seen
}

// takes returns a handler that takes that long.
func takes(d time.Duration) func(context.Context, connector.Task) error {
	return func(context.Context, connector.Task) error {
		time.Sleep(d)
		return nil
	}
}

func attempts(id string, n int) []connector.Task {
	tasks := make([]connector.Task, n)
	for i := range tasks {
		tasks[i] = queuetest.Daily(id)
		tasks[i].Attempt = i
	}
	return tasks
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestConnectorsRunInParallelAndEachInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local, seen := newLocal(t, 4, takes(time.Second))
		var tasks []connector.Task
		for range 8 {
			tasks = append(tasks, attempts(connector.NewID(), 3)...)
		}
		began := time.Now()
		must(t, local.Send(t.Context(), tasks...), local.Drain(t.Context()))
		if took := time.Since(began); took != 6*time.Second { // 24 tasks of a second each, 4 at a time
			t.Errorf("the tasks took %s", took)
		}
		next := make(map[string]int)
		for _, task := range seen.tasks() {
			if task.Attempt != next[task.Connector] {
				t.Fatalf("task %d of a connector was handled, want task %d", task.Attempt, next[task.Connector])
			}
			next[task.Connector]++
		}
		if got := local.Handled(); got != (inprocess.Counts{Done: 24}) {
			t.Errorf("handled %+v", got)
		}
		must(t, local.Close(t.Context()))
	})
}

func TestTasksOfOneConnectorNeverRunInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local, seen := newLocal(t, 4, takes(time.Second))
		tasks := attempts(connector.NewID(), 5)
		began := time.Now()
		must(t, local.Send(t.Context(), tasks...), local.Drain(t.Context()))
		if diff := cmp.Diff(tasks, seen.tasks()); diff != "" || time.Since(began) != 5*time.Second {
			t.Errorf("after %s:\n%s", time.Since(began), diff)
		}
		must(t, local.Close(t.Context()))
	})
}

func TestAConnectorWithManyTasksDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := connector.NewID()
		var waited time.Duration
		began := time.Now()
		local, _ := newLocal(t, 2, func(_ context.Context, task connector.Task) error {
			if task.Connector == other {
				waited = time.Since(began)
			}
			time.Sleep(time.Minute)
			return nil
		})
		must(t, local.Send(t.Context(), attempts(connector.NewID(), 100)...), local.Send(t.Context(), queuetest.Daily(other)))
		must(t, local.Drain(t.Context()), local.Close(t.Context()))
		if waited != 0 {
			t.Errorf("the other waited %s", waited)
		}
	})
}

func TestADelayedTaskRunsAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var came []time.Duration
		local, _ := newLocal(t, 1, func(context.Context, connector.Task) error {
			came = append(came, time.Since(began))
			return nil
		})
		task := queuetest.Daily(connector.NewID())
		must(t, local.SendLater(t.Context(), task, time.Hour), local.SendLater(t.Context(), task, time.Minute), local.SendLater(t.Context(), task, -time.Second))
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		must(t, local.Close(t.Context()))
		if diff := cmp.Diff([]time.Duration{0, time.Minute, time.Hour}, came); diff != "" {
			t.Errorf("times of the tasks (-want +got):\n%s", diff)
		}
	})
}

func TestDrainWaitsForTasksThatTasksSendButNotForDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var local *inprocess.Queue
		local, seen := newLocal(t, 2, func(ctx context.Context, task connector.Task) error {
			time.Sleep(time.Second)
			if task.Attempt == 3 {
				return local.SendLater(ctx, task, time.Minute)
			}
			task.Attempt++
			return local.Send(ctx, task)
		})
		must(t, local.Drain(t.Context())) // nothing was sent
		began := time.Now()
		must(t, local.Send(t.Context(), queuetest.Some(2)...), local.Drain(t.Context()))
		if took := time.Since(began); took != 4*time.Second || len(seen.tasks()) != 8 {
			t.Errorf("Drain took %s, and %d tasks were handled", took, len(seen.tasks()))
		}
		must(t, local.Close(t.Context()))
	})
}

func TestAHandlerThatFailsOrPanicsIsLoggedAndDelaysNoOther(t *testing.T) {
	const canary = "ghp_canary"
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		local := inprocess.New(1, slog.New(slog.NewTextHandler(&log, nil)), func(_ context.Context, task connector.Task) error {
			switch task.Attempt {
			case 0:
				panic(canary)
			case 1:
				var nobody *handled
				nobody.seen[0].Attempt++ // a nil pointer: this panics
			case 2:
				return &fault.Error{Code: fault.Vault, Op: "read the token", Err: errors.New("AccessDenied")}
			}
			return nil
		})
		id := connector.NewID()
		must(t, local.Send(t.Context(), attempts(id, 4)...), local.Drain(t.Context()), local.Close(t.Context()))
		if got := local.Handled(); got != (inprocess.Counts{Done: 1, Failed: 3}) {
			t.Errorf("handled %+v", got)
		}
		for _, say := range []string{"tenant=acme connector=" + id + " reason=daily code=internal", "inprocess_test.go", "code=vault_failed", "AccessDenied"} {
			if !strings.Contains(log.String(), say) {
				t.Errorf("the log does not say %q", say)
			}
		}
		if strings.Contains(log.String(), canary) || strings.Count(log.String(), "\n") != 3 {
			t.Errorf("the log contains a secret:\n%s", log.String())
		}
	})
}

func TestAFailedTaskIsRetriedAtGrowingIntervalsAndGivenUp(t *testing.T) {
	t.Parallel()
	for fails, want := range map[int][]time.Duration{
		0:  {0},
		2:  {0, time.Minute, 5 * time.Minute},
		99: {0, time.Minute, 5 * time.Minute, 21 * time.Minute, 85 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			var mu sync.Mutex
			var came []time.Duration
			local, _ := newLocal(t, 1, func(context.Context, connector.Task) error {
				mu.Lock()
				defer mu.Unlock()
				came = append(came, time.Since(began))
				if len(came) > fails {
					return nil
				}
				return &fault.Error{Code: fault.Store, Op: "load a connector"}
			})
			must(t, local.Send(t.Context(), queuetest.Daily(connector.NewID())), local.Drain(t.Context()))
			mu.Lock()
			tries := len(came)
			mu.Unlock()
			if tries != 1 {
				t.Errorf("Drain waited for %d attempts", tries)
			}
			time.Sleep(24 * time.Hour)
			synctest.Wait()
			must(t, local.Close(t.Context()))
			if diff := cmp.Diff(want, came); diff != "" {
				t.Errorf("after %d failures (-want +got):\n%s", fails, diff)
			}
		})
	}
}

func TestAnInvalidTaskIsNotQueued(t *testing.T) {
	t.Parallel()
	local, handled := newLocal(t, 1, nil)
	for _, bad := range queuetest.NotTasks() {
		for name, err := range map[string]error{
			"sent":            local.Send(t.Context(), queuetest.Daily(connector.NewID()), bad),
			"sent with delay": local.SendLater(t.Context(), bad, time.Minute),
			"sent at once":    local.SendLater(t.Context(), bad, 0),
		} {
			if !fault.Is(err, fault.Internal) {
				t.Errorf("%s: got %v for %+v", name, err, bad)
			}
		}
	}
	must(t, local.Drain(t.Context()), local.Close(t.Context()))
	if len(handled.tasks()) != 0 {
		t.Errorf("handled %v", handled.tasks())
	}
}
