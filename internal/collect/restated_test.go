//go:build !race

package collect_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestARestatedDayIsRewrittenAndItsHistoryTellsWhatMoved(t *testing.T) {
	t.Parallel()
	w := start(t)
	before := w.day("2026-11-20")
	w.gitHub.Restate(githubsim.Organization, slug, "2026-11-20")
	w.pollAt(morning(1))
	after := w.day("2026-11-20")
	if after.Revision != 2 || *after.CreditsUsed == *before.CreditsUsed {
		t.Errorf("revision %d, credits %v, before %v", after.Revision, after.CreditsUsed.Float(), before.CreditsUsed.Float())
	}
	stored, err := w.store.Day(t.Context(), w.ref, after.Date)
	if err != nil {
		t.Fatal(err)
	}
	if len(stored.Changes) != 1 || len(stored.Changes[0].Moved) == 0 || stored.Changes[0].Revision != 2 {
		t.Errorf("the history is %+v", stored.Changes)
	}
	w.mustShowWhatGitHubHas(28)
}

func TestTheDaysDueFollowFromTheScheduleNotFromTheClock(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.Set(morning(2).Add(10 * time.Hour)) // the message arrives more than a day late
	w.gitHub.ResetCalls()
	w.run(w.daily(morning(1)))
	for _, call := range w.gitHub.Calls() {
		if call.RawQuery == "day=2026-11-23" {
			t.Error("the poll requested a day that was not due")
		}
	}
	w.run(w.daily(morning(2)))
	w.mustShowWhatGitHubHas(28)
}

func TestAPollForAnEarlierInstantFindsWhatWasRestated(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Restate(githubsim.Organization, slug, "2026-11-20")
	w.run(w.daily(time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC))) // before the connector was saved
	if got := w.day("2026-11-20").Revision; got != 2 {
		t.Errorf("revision %d", got)
	}
}
