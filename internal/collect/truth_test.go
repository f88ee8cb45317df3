//go:build !race

package collect_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

const oldDay = "2026-10-14" // older than the days that each poll reads

func TestMissingPeopleAreLookedForAgain(t *testing.T) {
	t.Parallel()
	for name, lacking := range map[string]func(*world) func(http.ResponseWriter, *http.Request) bool{
		"one row a part": func(w *world) func(http.ResponseWriter, *http.Request) bool {
			return rewritten(w, "users-1-day/"+oldDay, 2, firstLines(1))
		},
		"no rows": func(w *world) func(http.ResponseWriter, *http.Request) bool {
			return rewritten(w, "users-1-day/"+oldDay, 2, firstLines(0))
		},
		"links are dead": func(*world) func(http.ResponseWriter, *http.Request) bool {
			return failing("users-1-day/"+oldDay, 2, says(http.StatusNotFound, "BlobNotFound"))
		},
		"no report": func(*world) func(http.ResponseWriter, *http.Request) bool {
			return failing("/users-1-day?day="+oldDay, 1, says(http.StatusNoContent, ""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.gitHub.Intercept(lacking(w))
			w.finish()
			if day := w.day(oldDay); day.State != metrics.Final || day.People == nil || day.People.Read >= day.People.Expected {
				t.Errorf("the day is shown as %s with %+v", day.State, day.People)
			}
			w.mustBe(connector.StatusActive)
			w.pollAt(morning(1))
			w.finish()
			if day := w.day(oldDay); day.People != nil || day.EngagedUsers == nil {
				t.Errorf("the people are still missing: %+v", day.People)
			}
			w.mustBe(connector.StatusActive)
		})
	}
}

func TestPeopleWhoStayMissingAreLookedForThreeTimesAndReported(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.gitHub.Intercept(rewritten(w, "users-1-day/"+oldDay, 999, firstLines(1)))
	w.finish()
	var asked []int
	for day := 1; day <= 8; day++ {
		w.gitHub.ResetCalls()
		w.pollAt(morning(day))
		w.finish()
		asked = append(asked, w.asked("/users-1-day?day="+oldDay))
	}
	if diff := cmp.Diff([]int{1, 1, 0, 0, 0, 0, 0, 0}, asked); diff != "" {
		t.Errorf("requests after the first reading (-want +got):\n%s", diff)
	}
	if day := w.day(oldDay); day.People == nil || day.People.Read != 2 || day.People.Expected <= 2 || day.EngagedUsers == nil {
		t.Errorf("the day is shown with %+v", day.People)
	}
	w.mustBe(connector.StatusActive)
}

func TestTheNextPollReadsAReportWhoseLinkFailedOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.gitHub.Intercept(failing("organization-1-day/"+oldDay, 1, says(http.StatusNotFound, "BlobNotFound")))
	w.finish()
	if day := w.day(oldDay); day.State != metrics.Missing {
		t.Errorf("the day is %s", day.State)
	}
	w.mustBe(connector.StatusActive)
	w.pollAt(morning(1))
	w.finish()
	if day := w.day(oldDay); day.State != metrics.Final || day.ActiveUsers == nil {
		t.Errorf("the day is %s", day.State)
	}
}

// Days that stay unreadable, also several in a row, hold up no other day, neither in the backfill nor in a poll.
func TestTheBackfillMovesOnPastDaysThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, days := range map[string][]string{
		"every other day": {"2026-10-20", "2026-10-18", "2026-10-16", "2026-10-14"},
		"neighbours":      {"2026-10-20", "2026-10-19", "2026-10-18", "2026-10-17"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
				for _, day := range days {
					if r.Context().Value(inner{}) == nil && strings.Contains(r.URL.Path, "organization-1-day/"+day) {
						cutInTheMiddle(rw, whole(w.gitHub, r).Body.Bytes())
						return true
					}
				}
				return false
			})
			w.finish()
			if c := w.connector(); c.Backfill != nil {
				t.Errorf("the backfill has got to %s", c.Backfill.Next)
			}
			w.mustBe(connector.StatusDegraded, days[0], "could not be read whole")
			if got := w.usage(40).Totals.DaysWithData; got != 40-len(days) {
				t.Errorf("%d of 40 days are there", got)
			}
			var told []connector.NoticeKind
			for day := 1; day <= 9; day++ {
				w.pollAt(morning(day))
				w.finish()
				told = append(told, w.told()...)
			}
			if diff := cmp.Diff([]connector.NoticeKind{connector.NoticeUnreadable}, told); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			w.gitHub.Intercept(nil)
			for day := 10; day <= 40; day += 10 {
				w.pollAt(morning(day))
				w.finish()
			}
			w.mustBe(connector.StatusActive)
			if got := w.usage(70).Totals.DaysWithData; got != 70 {
				t.Errorf("%d of 70 days are there", got)
			}
		})
	}
}

func TestNothingOfAnotherAccountIsStored(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][]string{
		"all reports have the other id":                {"/orgs/" + slug, "organization-1-day/", "users-1-day/"},
		"only the organization has the other id":       {"/orgs/" + slug + "?"},
		"only the aggregate reports have the other id": {"organization-1-day/"},
		"only the per-user reports tell":               {"users-1-day/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settled(t)
			before := w.connector()
			if before.AccountID == "" {
				t.Fatal("no id is pinned")
			}
			w.Set(morning(1))
			shown := w.numbers(30)
			w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
				for _, part := range parts {
					if rewritten(w, part, 1, anothers)(rw, r) {
						return true
					}
				}
				return false
			})
			w.pollAt(morning(1))
			mine := name == "only the per-user reports tell" // the aggregate reports are still the account's own
			told := []connector.NoticeKind{connector.NoticeStopped}
			if mine {
				told = nil
				w.mustBe(connector.StatusDegraded, "could not be read whole", "424242")
			} else {
				w.mustBe(connector.StatusDegraded, "Another organization has the name octo-demo now", "424242")
			}
			after := w.connector()
			if after.AccountID != before.AccountID {
				t.Errorf("the id is %s, and was %s", after.AccountID, before.AccountID)
			}
			if !mine {
				if diff := cmp.Diff(shown, w.numbers(30)); diff != "" {
					t.Errorf("numbers have changed (-before +after):\n%s", diff)
				}
			}
			if diff := cmp.Diff(told, w.told()); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			w.gitHub.Intercept(nil)
			w.pollAt(morning(2))
			w.mustBe(connector.StatusActive)
			w.mustShowWhatGitHubHas(20)
		})
	}
}

func TestAReportOfAnotherAccountHoldsUpNoOtherDay(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]string{
		"aggregate": "/organization-1-day/2026-11-12", "per-user report": "/users-1-day/2026-11-12",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := create(t).save()
			w.gitHub.Intercept(rewritten(w, part, 1e6, anothers))
			w.run(w.queued()[0].Task)
			w.finish()
			w.mustBe(connector.StatusDegraded, "The reports of 2026-11-12 could not be read whole", "424242")
			if got := w.usage(40).Totals.DaysWithData; got < 39 || w.connector().Backfill != nil {
				t.Errorf("%d of 40 days are there, backfill %+v", got, w.connector().Backfill)
			}
		})
	}
}

func TestAHiddenAccountFailsAfterAFewCalls(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.ResetCalls()
	w.gitHub.Intercept(failing("/orgs/", 999, says(http.StatusNotFound, "Not Found")))
	w.pollAt(morning(1))
	c := w.connector()
	if c.LastPoll.Outcome != connector.OutcomeFailed || c.Capabilities.Usage != access.Denied || c.Capabilities.Users == access.OK {
		t.Errorf("the poll ends as %s with %+v", c.LastPoll.Outcome, c.Capabilities)
	}
	if strings.Contains(c.LastPoll.Detail, "no report yet") {
		t.Errorf("the detail is %q", c.LastPoll.Detail)
	}
	if calls := len(w.gitHub.Calls()); calls > 34 {
		t.Errorf("the poll takes %d calls", calls)
	}
}

func TestLostBillsAreReportedLikeLostSeats(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.Tokens[0].Scopes = []string{"read:org", "manage_billing:copilot"}
	w := settled(t, account)
	if w.connector().Granted.Billing != access.OK {
		t.Fatal("the token reads no bills")
	}
	w.gitHub.Intercept(failing("/settings/billing/", 999, says(http.StatusForbidden, `{"message":"Resource not accessible"}`)))
	w.pollAt(morning(1))
	w.mustBe(connector.StatusDegraded, "may not read the billed AI credits any more")
	w.pollAt(morning(2))
	if diff := cmp.Diff([]connector.NoticeKind{connector.NoticeLost}, w.told()); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	w.gitHub.Intercept(nil)
	w.pollAt(morning(3))
	w.mustBe(connector.StatusActive)
}
