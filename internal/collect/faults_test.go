package collect_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func says(code int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = fmt.Fprintf(w, `{"message":%q}`, message)
	}
}

// cut sends the first bytes of GitHub's answer and then closes the connection.
func cut(gitHub *githubsim.Server, bytes int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := whole(gitHub, r).Body.Bytes()
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = w.Write(body[:min(bytes, len(body)-1)])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Whatever fails one morning: the numbers shown before stay, the status names the trouble, and the next morning's poll mends it.
func TestTroubleChangesNoNumberAndIsReportedAndMended(t *testing.T) {
	t.Parallel()
	healthy := create(t)
	healthy.Set(morning(2))
	has := healthy.whatGitHubHas(20) // the numbers of a connector that had no trouble
	const yesterday = "2026-11-22"
	users := "/users-1-day/" + yesterday
	for name, trouble := range map[string]struct {
		fault   func(w *world) func(http.ResponseWriter, *http.Request) bool
		status  connector.Status
		outcome connector.Outcome
		words   []string
		retry   time.Duration // 0: the next attempt is the next daily poll
	}{
		"GitHub is down": {
			func(*world) func(http.ResponseWriter, *http.Request) bool { return failing("/", 1e6, status(503)) },
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"could not be reached", "503", "No day is lost"},
			time.Minute,
		},
		"GitHub fails for one day": {
			func(*world) func(http.ResponseWriter, *http.Request) bool {
				return failing("/organization-1-day?day=2026-11-20", 1e6, status(502))
			},
			connector.StatusDegraded, connector.OutcomePartial,
			[]string{"2026-11-20", "could not be read whole", "502"},
			time.Minute,
		},
		"the hourly limit, 403": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return w.gitHub.RateLimited(githubsim.PrimaryForbidden)
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"rate limit", "06:17 UTC on 23 November"},
			15 * time.Minute, // the longest delay that the queue allows
		},
		"the hourly limit, 429": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return w.gitHub.RateLimited(githubsim.PrimaryTooManyRequests)
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"rate limit"},
			15 * time.Minute,
		},
		"the secondary limit, 403 with Retry-After": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return w.gitHub.RateLimited(githubsim.SecondaryForbiddenRetry)
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"rate limit", "06:01"},
			time.Minute,
		},
		"the secondary limit, 403 without a time": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return w.gitHub.RateLimited(githubsim.SecondaryForbidden)
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"rate limit"},
			time.Minute,
		},
		"the secondary limit, 429": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return w.gitHub.RateLimited(githubsim.SecondaryTooManyRequests)
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"rate limit"},
			time.Minute,
		},
		"a per-user part is cut": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return failing(users, 1e6, cut(w.gitHub, 700))
			},
			connector.StatusDegraded, connector.OutcomePartial,
			[]string{yesterday, "could not be read whole", "tries again"},
			time.Minute,
		},
		"an aggregate is cut": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				return failing("/organization-1-day/"+yesterday, 1e6, cut(w.gitHub, 300))
			},
			connector.StatusDegraded, connector.OutcomePartial,
			[]string{yesterday, "could not be read whole"},
			time.Minute,
		},
		"a part is malformed": {
			func(*world) func(http.ResponseWriter, *http.Request) bool {
				return failing(users, 1, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"user_id":1,"day":`)) })
			},
			connector.StatusDegraded, connector.OutcomePartial,
			[]string{yesterday, "middle of a record"},
			0,
		},
		"one part of two is missing": {
			func(*world) func(http.ResponseWriter, *http.Request) bool {
				return failing(users+"/1.json", 1, status(404))
			},
			connector.StatusDegraded, connector.OutcomePartial,
			[]string{yesterday, "1 of its 2 parts"},
			0,
		},
		"the host of the reports is down": {
			func(*world) func(http.ResponseWriter, *http.Request) bool {
				return failing("/_reports/", 1e6, status(503))
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"host where GitHub keeps the reports"},
			time.Minute,
		},
		"the policy is off": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = true })
				return nil
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"policy", "Copilot usage metrics", "Enabled everywhere"},
			0,
		},
		"single sign-on is required": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.SSO = true })
				return nil
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"ingle sign-on"},
			0,
		},
		"the owner has lost the role": {
			func(w *world) func(http.ResponseWriter, *http.Request) bool {
				w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Role = githubsim.RoleMember })
				return nil
			},
			connector.StatusDegraded, connector.OutcomeFailed,
			[]string{"member", "owner"},
			0,
		},
		"seats fail": {
			func(*world) func(http.ResponseWriter, *http.Request) bool {
				return failing("/copilot/billing/seats", 1e6, says(200, "what"))
			},
			connector.StatusDegraded, connector.OutcomePartial,
			[]string{"seats could not be read"},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settled(t)
			before := w.numbers(20)
			w.Set(morning(1))
			shown := w.numbers(20)
			if before == shown {
				t.Fatal("a day was not looked at")
			}
			w.gitHub.Intercept(trouble.fault(w))
			w.pollAt(morning(1))
			w.mustBe(trouble.status, trouble.words...)
			if poll := w.connector().LastPoll; poll.Outcome != trouble.outcome {
				t.Errorf("the outcome is %s: %s", poll.Outcome, poll.Detail)
			}
			for _, day := range w.usage(5).Days {
				if day.State == metrics.Pending && day.ActiveUsers != nil || day.State == metrics.Missing {
					t.Errorf("%s is %s with %v", day.Date, day.State, day.ActiveUsers)
				}
			}
			retries := w.queued()
			switch {
			case trouble.retry == 0 && len(retries) != 0:
				t.Errorf("queued %+v", retries)
			case trouble.retry != 0 && (len(retries) != 1 || retries[0].Delay != trouble.retry || retries[0].Attempt != 1):
				t.Errorf("queued %+v, want one after %v", retries, trouble.retry)
			}

			w.gitHub.Intercept(nil)
			w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) {
				a.PolicyOff, a.SSO, a.Tokens[0].Role = false, false, githubsim.RoleAdmin
			})
			w.pollAt(morning(2))
			w.mustBe(connector.StatusActive)
			if poll := w.connector().LastPoll; poll.Outcome != connector.OutcomeOK {
				t.Errorf("the next morning the outcome is %s: %s", poll.Outcome, poll.Detail)
			}
			w.mustShow(20, has)
		})
	}
}

func TestTransientTroubleIsRetriedSoonButNotForEver(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.Set(morning(1))
	w.gitHub.Intercept(failing("/user", 1e6, status(503)))
	var delays []time.Duration
	for task := w.daily(morning(1)); ; {
		w.run(task)
		tasks := w.queued()
		if len(tasks) == 0 {
			break
		}
		task = tasks[0].Task
		delays = append(delays, tasks[0].Delay)
	}
	if fmt.Sprint(delays) != "[1m0s 4m0s 15m0s]" {
		t.Errorf("delays of the retries are %v", delays)
	}
	w.mustBe(connector.StatusDegraded)
}

func TestARefusedTokenIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	t.Run("from the first call on", func(t *testing.T) {
		w := settled(t)
		w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
		w.gitHub.ResetCalls()
		w.pollAt(morning(1))
		if calls := w.gitHub.CallsWith(secret); len(calls) != 1 || calls[0].Path != "/user" {
			t.Errorf("calls after the refusal: %+v, want none", calls)
		}
		w.mustBe(connector.StatusExpired, "expired or was revoked", "read:org", "23 November 2026")
		if tasks := w.queued(); len(tasks) != 0 {
			t.Errorf("queued %+v", tasks)
		}

		w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = false })
		w.pollAt(morning(2))
		w.mustBe(connector.StatusActive)
		w.mustShowWhatGitHubHas(20)
	})
	t.Run("in the middle of a poll", func(t *testing.T) {
		w := settled(t)
		w.gitHub.ResetCalls()
		var refused, after atomic.Int64
		w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "/orgs/") {
				return false
			}
			if refused.Add(1) > 14 {
				after.Add(1)
			}
			says(401, "Bad credentials")(rw, r)
			return true
		})
		w.pollAt(morning(1))
		w.mustBe(connector.StatusExpired)
		if after.Load() > 0 {
			t.Errorf("%d calls were made with a refused token", refused.Load())
		}
	})
}

func TestDaysMissedWithoutAWorkingTokenAreReadLater(t *testing.T) {
	t.Parallel()
	w := settled(t)
	for day := 1; day <= 40; day++ {
		if day == 1 {
			w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
		}
		w.pollAt(morning(day))
	}
	for _, day := range w.usage(30).Days {
		if day.State != metrics.Pending {
			t.Fatalf("%s is %s, although nobody could look", day.Date, day.State)
		}
	}
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = false })
	w.pollAt(morning(41))
	w.mustBe(connector.StatusBackfilling)
	w.finish()
	w.mustBe(connector.StatusActive)
	if got := w.usage(60).Totals.DaysWithData; got != 60 {
		t.Errorf("%d of the last 60 days are there", got)
	}
}

func TestExpiredLinksAreAskedForAgain(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Intercept(failing("/_reports/", 1, status(403)))
	w.pollAt(morning(1))
	w.mustBe(connector.StatusActive)
	w.mustShowWhatGitHubHas(20)
}

func TestTwoPollsAtOnceTakeTurns(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.Set(morning(1))
	other := make(chan error, 1)
	first := failing("/user", 1, func(rw http.ResponseWriter, r *http.Request) {
		other <- w.collector.Run(t.Context(), w.daily(morning(1)))
		status(500)(rw, r) // the client retries after this
	})
	w.gitHub.Intercept(first)
	w.run(w.daily(morning(1)))
	if err := <-other; err != nil {
		t.Fatal(err)
	}
	tasks := w.queued()
	if len(tasks) != 1 || tasks[0].Delay != time.Minute {
		t.Fatalf("the second poll queued %+v, want one task after a minute", tasks)
	}
	w.run(tasks[0].Task)
	w.mustShowWhatGitHubHas(20)
}

// breaking returns an error at one call of the store, and calls how first.
type breaking struct {
	collect.Store
	left *atomic.Int64
	how  func()
}

var errDied = errors.New("died")

func (b breaking) next() error {
	if b.left.Add(-1) == 0 {
		b.how()
		return &fault.Error{Code: fault.Store, Op: "store", Err: errDied}
	}
	return nil
}

func (b breaking) Commit(ctx context.Context, ref connector.Ref, day ledger.Day, people *ledger.PackedPeople) error {
	if err := b.next(); err != nil {
		return err
	}
	return b.Store.Commit(ctx, ref, day, people)
}

func (b breaking) Settle(ctx context.Context, ref connector.Ref, day ledger.Day) error {
	if err := b.next(); err != nil {
		return err
	}
	return b.Store.Settle(ctx, ref, day)
}

func (b breaking) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	if err := b.next(); err != nil {
		return nil, err
	}
	return b.Store.Change(ctx, ref, change)
}

func (b breaking) Days(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Day, error) {
	if err := b.next(); err != nil {
		return nil, err
	}
	return b.Store.Days(ctx, ref, days)
}

func TestThePollAfterADeadOneMendsEverything(t *testing.T) {
	t.Parallel()
	const restated = "2026-11-19"
	next := morning(1).Add(7 * time.Minute) // the lease of the dead run has ended
	healthy := create(t)
	healthy.gitHub.Restate(githubsim.Organization, slug, restated)
	healthy.Set(next)
	has := healthy.whatGitHubHas(28)
	for step := int64(1); ; step++ {
		w := start(t)
		w.queued()
		w.gitHub.Restate(githubsim.Organization, slug, restated)
		whole := w.collector.Store
		ctx, die := context.WithCancel(t.Context())
		left := new(atomic.Int64)
		left.Store(step)
		w.collector.Store = breaking{whole, left, die} // after its death the run sends nothing more
		w.Set(morning(1))
		_ = w.collector.Run(ctx, w.daily(morning(1)))
		w.collector.Store = whole
		if left.Load() > 0 {
			if step < 5 {
				t.Errorf("the poll made only %d calls of the store", step)
			}
			return
		}
		for _, day := range w.usage(28).Days {
			if day.ActiveUsers == nil && day.EngagedUsers != nil {
				t.Errorf("after a death at call %d, %s is shown in part", step, day.Date)
			}
		}
		w.pollAt(next)
		w.mustShow(28, has)
	}
}

func TestLaterRunsFinishAReportTooLongForOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, laterRunsFinish)
}

func laterRunsFinish(t *testing.T) {
	account := octoDemo()
	account.Seats, account.Shards, account.FirstDay = 400, 3, "2026-11-19"
	w := createInBubble(t, account).save()
	saved := w.queued()[0].Task
	// Each file sends some rows and then nothing until the client gives up.
	slow := failing("/users-1-day/2026-11-19/", 1e6, func(rw http.ResponseWriter, r *http.Request) {
		answer := whole(w.gitHub, r)
		for name, values := range answer.Header() {
			rw.Header()[name] = values
		}
		rw.WriteHeader(answer.Code)
		body := answer.Body.Bytes()
		_, _ = rw.Write(body[:min(len(body), 150_000)])
		if len(body) > 150_000 {
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	})
	runs := 0
	for task := saved; ; runs++ {
		if runs > 40 {
			t.Fatal("the report is never read to its end")
		}
		w.gitHub.Intercept(slow)
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second+3*time.Second) // the margin, and time to read the first rows
		if err := w.collector.Run(ctx, task); err != nil {
			t.Fatal(err)
		}
		cancel()
		tasks := w.queued()
		if len(tasks) == 0 || tasks[0].Reason != connector.ReasonResume {
			break
		}
		if day := w.day("2026-11-19"); day.EngagedUsers != nil {
			t.Fatal("the page shows a report that was read only in part")
		}
		if text, _ := json.Marshal(tasks[0].Task); strings.Contains(string(text), "sig=") {
			t.Errorf("the task holds a link: %s", text)
		}
		task = tasks[0].Task
	}
	w.gitHub.Intercept(nil)
	if runs < 3 {
		t.Errorf("the report took %d further runs", runs)
	}
	w.mustShowWhatGitHubHas(5)
}
