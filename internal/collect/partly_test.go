//go:build !race

package collect_test

import (
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestABrokenConnectionIsRetriedAtOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{"an aggregate": "/organization-1-day/2026-11-22", "people": "/users-1-day/2026-11-22"} {
		t.Run(name, func(t *testing.T) {
			w := settled(t)
			w.gitHub.Intercept(failing(fault, 1, cut(w.gitHub, 500)))
			w.pollAt(morning(1))
			w.mustBe(connector.StatusActive)
			w.mustShowWhatGitHubHas(20)
		})
	}
}

// GitHub's answers to somebody who has lost access must not be taken for days without reports.
func TestNoDayIsLostWhileGitHubHidesTheAccount(t *testing.T) {
	t.Parallel()
	hide := func(rw http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/user" {
			return false
		}
		says(404, "Not Found")(rw, r)
		return true
	}
	t.Run("for weeks", func(t *testing.T) {
		w := settled(t)
		w.gitHub.Intercept(hide)
		for day := 1; day <= 45; day += 4 {
			w.pollAt(morning(day))
		}
		w.mustBe(connector.StatusDegraded, "octo-demo")
		w.mustTell("while it is hidden", connector.NoticeStopped)
		w.gitHub.Intercept(nil)
		w.pollAt(morning(46))
		w.finish()
		w.mustBe(connector.StatusActive)
		if got := w.usage(60).Totals.DaysWithData; got != 60 {
			t.Errorf("%d of the last 60 days are there", got)
		}
	})
	t.Run("in the middle of the backfill", func(t *testing.T) {
		w := start(t)
		w.gitHub.Intercept(hide)
		w.finish()
		w.gitHub.Intercept(nil)
		w.pollAt(morning(1))
		w.finish()
		if got := w.connector(); got.FirstDay.String() != "2026-10-10" || got.Status != connector.StatusActive {
			t.Errorf("the first day is %s, the status %s", got.FirstDay, got.Status)
		}
	})
}

func TestDaysAreReadAlthoughPeopleAreRefused(t *testing.T) {
	t.Parallel()
	w := create(t).save()
	w.gitHub.Intercept(failing("/users-1-day?", 1e6, says(403, "Resource not accessible by personal access token")))
	w.run(w.queued()[0].Task)
	w.finish()
	if got := w.usage(28).Totals; got.DaysWithData != 28 || got.ActiveUsers != nil || got.Completions == nil {
		t.Errorf("the days are %+v", got)
	}
	w.mustBe(connector.StatusDegraded, "per-user reports", "Organization Copilot metrics")
	c := w.connector()
	if c.Capabilities.Usage != access.OK || c.Capabilities.Users != access.Denied || c.Backfill != nil {
		t.Errorf("capabilities %+v, backfill %+v", c.Capabilities, c.Backfill)
	}
	w.gitHub.Intercept(nil)
	w.pollAt(morning(1))
	w.finish()
	w.mustBe(connector.StatusActive)
	if got := w.usage(40).Totals; got.DaysWithData != 40 || got.ActiveUsers == nil {
		t.Errorf("once they are granted, the people of %d days are %v", got.DaysWithData, got.ActiveUsers)
	}
}

func TestOneBadDayHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]string{"asked for": "-1-day?day=2026-11-12", "downloaded": "/users-1-day/2026-11-12/"} {
		t.Run(name, func(t *testing.T) {
			w := create(t).save()
			w.gitHub.Intercept(failing(part, 1e6, status(http.StatusServiceUnavailable)))
			w.run(w.queued()[0].Task)
			w.finish()
			if got := w.usage(40).Totals.DaysWithData; got < 39 || w.connector().Backfill != nil {
				t.Errorf("%d of 40 days are there, backfill %+v", got, w.connector().Backfill)
			}
			w.mustBe(connector.StatusDegraded, "2026-11-12", "503")
			w.gitHub.Intercept(nil)
			w.pollAt(morning(30)) // older than the days that each poll reads
			w.finish()
			w.mustBe(connector.StatusActive)
			if got := w.usage(50).Totals; got.DaysWithData != 50 || got.ActiveUsers == nil {
				t.Errorf("at last %d of 50 days are stored", got.DaysWithData)
			}
		})
	}
}

func TestNothingIsLostWhenTheFirstPollComesLate(t *testing.T) {
	t.Parallel()
	w := create(t).save()
	first := w.queued()[0].Task
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
	w.run(first)
	for day := 1; day <= 9; day++ {
		w.pollAt(morning(day))
	}
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = false })
	w.pollAt(morning(10))
	w.finish()
	if got := w.usage(50).Totals.DaysWithData; got != 50 {
		t.Errorf("%d of the last 50 days are there", got)
	}
}

func TestARefusalOfTheTokensOwnerIsExplained(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Intercept(failing("/user", 1e6, says(403, "Sorry. Your account was suspended.")))
	w.pollAt(morning(1))
	w.mustBe(connector.StatusDegraded, "account was suspended")
	w.mustTell("then", connector.NoticeStopped)
}

func TestAScheduleInTheFutureSpoilsNoDay(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.ReadyDelay = 1
	w := settled(t, account)
	w.run(w.daily(morning(20)))
	w.pollAt(morning(1))
	if got := w.day("2026-11-22"); got.State != metrics.Pending {
		t.Errorf("yesterday is %s", got.State)
	}
	w.mustTell("about it")
}
