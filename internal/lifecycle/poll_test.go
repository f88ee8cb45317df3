package lifecycle_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// saved returns a world with a live connector and an empty queue.
func saved(t *testing.T) (*world, connector.Ref) {
	t.Helper()
	w := newWorld(t)
	c, err := w.through(&faults{}).Save(t.Context(), request("octo-demo"))
	if err != nil {
		t.Fatal(err)
	}
	w.Queue.Take()
	return w, c.Ref
}

func TestTwoRequestsWithinAMinuteQueueOnePoll(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	ask := func(want int) {
		t.Helper()
		c, err := w.through(&faults{}).Poll(t.Context(), ref, "tester")
		if err != nil || c == nil || c.ID != ref.ID || len(w.Queue.Waiting()) != want {
			t.Errorf("%v, %v: %d tasks, want %d", c, err, len(w.Queue.Waiting()), want)
		}
	}
	ask(1)
	ask(1)
	w.Advance(59 * time.Second)
	ask(1)
	w.Advance(time.Second)
	ask(2)
	w.Advance(-time.Hour) // the local program may be restarted with an earlier clock
	ask(3)
	want := []connector.Task{
		{Tenant: "acme", Connector: ref.ID, ScheduledFor: begins, Reason: connector.ReasonAsked},
		{Tenant: "acme", Connector: ref.ID, ScheduledFor: begins.Add(time.Minute), Reason: connector.ReasonAsked},
		{Tenant: "acme", Connector: ref.ID, ScheduledFor: begins.Add(time.Minute - time.Hour), Reason: connector.ReasonAsked},
	}
	if diff := cmp.Diff(want, w.Queue.Waiting()); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
}

func TestARequestAfterAPollQueuesTheNextPoll(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	if _, err := w.through(&faults{}).Poll(t.Context(), ref, "tester"); err != nil {
		t.Fatal(err)
	}
	_, err := w.store.Change(t.Context(), ref, func(c *connector.Connector) error {
		c.PollAskedAt = time.Time{} // a poll clears it at its end
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Second)
	if _, err := w.through(&faults{}).Poll(t.Context(), ref, "tester"); err != nil || len(w.Queue.Waiting()) != 2 {
		t.Errorf("%v: %d tasks", err, len(w.Queue.Waiting()))
	}
}

func TestOnlyALiveConnectorIsPolled(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	_, err := w.store.Retire(t.Context(), ref, func(c *connector.Connector) error {
		c.Phase = connector.Deleting
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []connector.Ref{ref, {Tenant: "acme", ID: connector.NewID()}, {Tenant: "other", ID: ref.ID}} {
		if c, err := w.through(&faults{}).Poll(t.Context(), ref, "tester"); c != nil || err != nil || len(w.Queue.Waiting()) > 0 {
			t.Errorf("%v, %v; tasks are %v", c, err, w.Queue.Waiting())
		}
	}
}

func TestAFailedRequestForAPollCanBeRepeated(t *testing.T) {
	t.Parallel()
	for _, failure := range []failure{refused, lost} {
		for at := 1; at <= 3; at++ {
			w, ref := saved(t)
			if _, err := w.through(&faults{at: at, failure: failure}).Poll(t.Context(), ref, "tester"); err == nil {
				t.Errorf("call %d %s, and Poll returned no error", at, failure)
			}
			if _, err := w.through(&faults{}).Poll(t.Context(), ref, "tester"); err != nil || len(w.Queue.Waiting()) == 0 {
				t.Errorf("after call %d %s: %v; tasks are %v", at, failure, err, w.Queue.Waiting())
			}
		}
	}
}

func TestAPollThatEndsBeforeItsRequestIsStoredLeavesNoRequest(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	f := &faults{}
	f.each = func(call string) {
		if call != "Send" {
			return
		}
		_, err := w.store.Change(t.Context(), ref, func(c *connector.Connector) error {
			c.LastPoll = &connector.Poll{ScheduledFor: w.Queue.Waiting()[0].ScheduledFor}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	c, err := w.through(f).Poll(t.Context(), ref, "tester")
	if err != nil || !c.PollAskedAt.IsZero() {
		t.Errorf("%v: the connector still has a request: %v", err, c)
	}
}
