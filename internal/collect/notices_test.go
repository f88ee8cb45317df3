//go:build !race

package collect_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestPeopleAreToldOnceThatAConnectorStopsAndOnceThatItWorksAgain(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*githubsim.Account){
		"the token is revoked": func(a *githubsim.Account) { a.Tokens[0].Revoked = true },
		"the policy is off":    func(a *githubsim.Account) { a.PolicyOff = true },
		"the role is lost":     func(a *githubsim.Account) { a.Tokens[0].Role = githubsim.RoleMember },
		"Copilot is cancelled": func(a *githubsim.Account) { a.Plan, a.Seats = githubsim.PlanNone, 0 },
	} {
		t.Run(name, func(t *testing.T) {
			w := settled(t)
			w.mustTell("while all is well")
			w.gitHub.Change(githubsim.Organization, slug, trouble)
			w.pollAt(morning(1))
			reason := w.connector().StatusReason
			w.mustTell("on the first morning", connector.NoticeStopped)
			for _, day := range []int{2, 3, 7, 12} {
				w.pollAt(morning(day))
			}
			w.mustTell("on further mornings: " + w.connector().StatusReason)
			if reason == "" {
				t.Error("the notice gives no reason")
			}
			w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { *a = octoDemo() })
			w.pollAt(morning(13))
			w.mustTell("once it is mended", connector.NoticeHealed)
			w.pollAt(morning(14))
			w.mustTell("after that")
		})
	}
}

func TestTransientTroubleSendsNoMail(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Intercept(failing("/", 1e6, status(http.StatusBadGateway)))
	w.pollAt(morning(1))
	w.gitHub.Intercept(w.gitHub.RateLimited(githubsim.PrimaryForbidden))
	w.pollAt(morning(2))
	w.gitHub.Intercept(nil)
	w.pollAt(morning(3))
	w.mustTell("all the while")
}

func TestAPollLeavesTheNoticeOfAnExpiredTokenToTheReminder(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.Tokens[0].ExpiresAt = morning(1)
	w := settled(t, account)
	w.pollAt(morning(2))
	w.mustBe(connector.StatusExpired)
	w.mustTell("when it has expired")
}

func TestPeopleAreToldOnceThatReportsStopped(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) {
		for day := range 20 {
			a.MissingDays = append(a.MissingDays, calendar.DateOf(morning(day)).String())
		}
	})
	told := 0
	for day := 1; day <= 20; day++ {
		w.pollAt(morning(day))
		told += len(w.told())
	}
	if told != 1 {
		t.Errorf("the notice was sent %d times", told)
	}
}

func TestAGapIsToldOnce(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.MissingDays = []string{"2026-11-20", "2026-11-19"}
	w := settled(t, account)
	var gaps []string
	for day := 1; day <= 12; day++ {
		w.pollAt(morning(day))
		if told := w.told(); len(told) > 0 {
			gaps = append(gaps, fmt.Sprintf("%d %v", day, told))
		}
	}
	if got := fmt.Sprint(gaps); got != "[6 [missing]]" {
		t.Errorf("notices are %s", got)
	}
}

func TestEachChangeOfStatusIsInTheAudit(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.Set(begins.Add(time.Hour))
	w.finish()
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = true })
	w.pollAt(morning(1))
	w.pollAt(morning(2))
	events, next, err := w.store.Audit(t.Context(), w.ref, "", 10)
	if err != nil || next != "" {
		t.Fatal(next, err)
	}
	var got []string
	for _, event := range events {
		got = append(got, fmt.Sprintf("%s %s %.24s", event.Actor, event.Action, event.Detail))
	}
	want := []string{
		"poll status_changed active → degraded: The p", "poll status_changed backfilling → active",
		" saved organization octo-demo o",
	}
	if len(got) != len(want) {
		t.Fatalf("the audit is %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("event %d is %q, want %q", i, got[i], want[i])
		}
	}
}
