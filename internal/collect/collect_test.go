package collect_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestWhatOneMorningReads(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.ResetCalls()
	w.pollAt(morning(1))
	days := map[string]int{}
	for _, call := range w.gitHub.Calls() {
		if call.Authorized && len(call.RawQuery) == len("day=2026-11-22") {
			days[call.RawQuery]++
		}
	}
	// The four newest days, and the day before them: it was not final yet when it was last read.
	for _, date := range []string{"2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19", "2026-11-18"} {
		if days["day="+date] != 4 {
			t.Errorf("%s was requested %d times, want once", date, days["day="+date])
		}
	}
	if len(days) != 5 {
		t.Errorf("requested %v, want those five days only", days)
	}
	if got := w.day("2026-11-18"); got.State != metrics.Final || got.Revision != 1 {
		t.Errorf("the day read four days after its close is %s, revision %d", got.State, got.Revision)
	}
	w.mustBe(connector.StatusActive)
	w.mustShowWhatGitHubHas(28)
}

func TestAnUnchangedReportWritesNothing(t *testing.T) {
	t.Parallel()
	w := settled(t)
	before := w.day("2026-11-20")
	w.Set(begins.Add(time.Hour))
	w.run(w.daily(begins.Add(time.Hour)))
	if after := w.day("2026-11-20"); !after.FetchedAt.Equal(*before.FetchedAt) || after.Revision != 1 {
		t.Errorf("the day was written again: %v, revision %d", after.FetchedAt, after.Revision)
	}
	if poll := w.connector().LastPoll; poll.DaysUpdated != 0 || poll.Outcome != connector.OutcomeOK {
		t.Errorf("the poll ends as %+v", poll)
	}
}

func TestAMessageThatComesTwiceWritesNothing(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.pollAt(morning(1))
	before := w.usage(28)
	w.Set(morning(1).Add(time.Minute))
	w.run(w.daily(morning(1)))
	if diff := cmp.Diff(before, w.usage(28)); diff != "" {
		t.Errorf("the days have changed (-before +after):\n%s", diff)
	}
	if poll := w.connector().LastPoll; poll.DaysUpdated != 0 || poll.Outcome != connector.OutcomeOK {
		t.Errorf("the poll ends as %+v", poll)
	}
	w.mustTell("the second time")
}

func TestARequestForAPollEndsWhenAPollEnds(t *testing.T) {
	t.Parallel()
	w := start(t)
	asked := func() time.Time { return w.connector().PollAskedAt }
	ask := func(at time.Time) {
		t.Helper()
		if _, err := w.store.Change(t.Context(), w.ref, func(c *connector.Connector) error { c.PollAskedAt = at; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	ask(w.Now())
	w.run(connector.Task{Tenant: w.ref.Tenant, Connector: w.ref.ID, ScheduledFor: w.Now(), Reason: connector.ReasonOlder})
	if asked().IsZero() {
		t.Error("a step of the backfill cleared the request for a poll")
	}
	w.run(w.daily(w.Now()))
	if at := asked(); !at.IsZero() {
		t.Errorf("after the poll the request for it is still there: %s", at)
	}
	later := w.Now().Add(time.Second)
	w.gitHub.Intercept(func(http.ResponseWriter, *http.Request) bool {
		w.gitHub.Intercept(nil)
		ask(later)
		return false
	})
	w.run(connector.Task{Tenant: w.ref.Tenant, Connector: w.ref.ID, ScheduledFor: w.Now(), Reason: connector.ReasonAsked})
	if !asked().Equal(later) {
		t.Errorf("a poll that was requested during another poll is forgotten: %s", asked())
	}
}
