package inprocess_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/queue/queuetest"
)

func TestWaitingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local, _ := newLocal(t, 1, takes(time.Hour))
		must(t, local.Send(t.Context(), queuetest.Daily(connector.NewID())))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := local.Drain(ctx); !fault.Is(err, fault.Queue) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Drain returned %v, want code queue_failed because of the deadline", err)
		}
		must(t, local.Close(t.Context()))
	})
}

func TestCloseWaitsForRunningTasksAndDropsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local, seen := newLocal(t, 8, takes(time.Minute))
		for range 50 {
			must(t, local.Send(t.Context(), attempts(connector.NewID(), 3)...))
		}
		must(t, local.SendLater(t.Context(), queuetest.Daily(connector.NewID()), time.Second))
		synctest.Wait()
		drained := make(chan error, 1)
		go func() { drained <- local.Drain(context.Background()) }()
		synctest.Wait()
		began := time.Now()
		must(t, local.Close(t.Context()))
		if took := time.Since(began); took != time.Minute || len(seen.tasks()) != 8 {
			t.Errorf("Close took %s, and %d tasks were handled", took, len(seen.tasks()))
		}
		for name, err := range map[string]error{
			"drain": <-drained,
			"send":  local.Send(t.Context(), queuetest.Daily(connector.NewID())),
			"later": local.SendLater(t.Context(), queuetest.Daily(connector.NewID()), time.Second),
		} {
			if !fault.Is(err, fault.Queue) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		must(t, local.Close(t.Context()))
	})
}

func TestACloseWithoutTimeLeftCancelsRunningTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local, _ := newLocal(t, 1, func(ctx context.Context, _ connector.Task) error {
			<-ctx.Done()
			time.Sleep(time.Second) // cleaning up
			return ctx.Err()
		})
		must(t, local.Send(t.Context(), queuetest.Daily(connector.NewID())))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := local.Close(ctx); !fault.Is(err, fault.Queue) {
			t.Errorf("Close returned %v, want code queue_failed", err)
		}
		must(t, local.Close(t.Context()))
		if got := local.Handled(); got != (inprocess.Counts{Failed: 1}) {
			t.Errorf("handled %+v", got)
		}
	})
}
