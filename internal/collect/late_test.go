//go:build !race

package collect_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestASavedConnectorHasItsFirstDaysAtOnceAndOlderDaysLater(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.FirstDay = ""
	w := create(t, account).save()
	w.mustBe(connector.StatusBackfilling)
	first := w.queued()
	if len(first) != 1 || first[0].Reason != connector.ReasonSaved || first[0].Delay != 0 {
		t.Fatalf("Save queued %+v", first)
	}
	w.run(first[0].Task)
	w.mustBe(connector.StatusBackfilling)
	if got := w.usage(14).Totals; got.DaysWithData != 14 || got.ActiveUsers == nil {
		t.Errorf("after the first run the 14 days are %+v", got)
	}
	steps := 0
	for tasks := w.queued(); len(tasks) > 0; tasks = w.queued() {
		if len(tasks) != 1 || tasks[0].Reason != connector.ReasonOlder || tasks[0].Delay != 45*time.Second {
			t.Fatalf("queued %+v", tasks)
		}
		w.gitHub.ResetCalls()
		w.run(tasks[0].Task)
		if calls := len(w.gitHub.Calls()); calls > 160 {
			t.Errorf("a step of the backfill made %d calls", calls)
		}
		steps++
	}
	w.mustBe(connector.StatusActive)
	c := w.connector()
	if steps != 23 || c.FirstDay.String() != "2025-12-12" || c.LatestFinalDay.String() != "2026-11-17" {
		t.Errorf("%d steps, from %s, final to %s", steps, c.FirstDay, c.LatestFinalDay)
	}
	whole := w.usage(366)
	for _, day := range whole.Days {
		if before := day.Date < *c.FirstDay; before != (day.State == metrics.Missing) {
			t.Errorf("%s is %s", day.Date, day.State)
		}
	}
}

func TestLateReportsAreReadAndAreNoTrouble(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.ReadyDelay, account.UsersDelay = 1, 1
	w := start(t, account)
	w.mustBe(connector.StatusBackfilling)
	if got := w.day("2026-11-21"); got.State != metrics.Pending || got.ActiveUsers != nil {
		t.Errorf("yesterday is %s", got.State)
	}
	if got := w.day("2026-11-20"); got.State != metrics.Provisional || got.ActiveUsers == nil || got.EngagedUsers != nil || got.CreditsUsed != nil {
		t.Errorf("the day before is %+v", got)
	}
	if w.usage(28).Totals.ActiveUsers != nil {
		t.Error("people are counted although they are unknown for one day")
	}
	w.finish()
	for day := 1; day <= 6; day++ {
		w.pollAt(morning(day))
		w.mustBe(connector.StatusActive)
	}
	if got := w.day("2026-11-20"); got.State != metrics.Final || got.EngagedUsers == nil || got.Revision != 2 {
		t.Errorf("at last the day is %+v", got)
	}
	w.mustShowWhatGitHubHas(20)
}

func TestAMissingReportIsNeverTakenForAMissingPermission(t *testing.T) {
	t.Parallel()
	for form := githubsim.NoReportNoContent; form <= githubsim.NoReportDeadLink; form++ {
		account := octoDemo()
		account.ReadyDelay, account.UsersDelay, account.NoReport = 1, 1, form
		w := start(t, account)
		c := w.connector()
		want := access.Capabilities{Usage: "ok", Users: "ok", Seats: "ok", Billing: c.Capabilities.Billing, Teams: "ok", CostCenters: "unknown", Budgets: c.Capabilities.Budgets}
		if c.Capabilities != want || c.Status != connector.StatusBackfilling || c.LastPoll.Outcome != connector.OutcomeOK {
			t.Errorf("form %d: %+v, %s, %+v", form, c.Capabilities, c.Status, c.LastPoll)
		}
	}
}

func TestADayThatNeverComesIsMissingAfterEightDays(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.MissingDays = []string{"2026-11-20"}
	w := settled(t, account)
	for day := 1; day <= 8; day++ {
		w.pollAt(morning(day))
		want := metrics.Pending
		if day >= 7 { // the day ended at midnight before the 21st
			want = metrics.Missing
		}
		if got := w.day("2026-11-20").State; got != want {
			t.Errorf("%d days later it is %s, want %s", day, got, want)
		}
		w.mustBe(connector.StatusActive)
	}
	// If the report comes later, it is read.
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.MissingDays = nil })
	w.pollAt(morning(9))
	if got := w.day("2026-11-20"); got.State != metrics.Final {
		t.Errorf("after its report came, the day is %s", got.State)
	}
}
