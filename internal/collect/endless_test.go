package collect_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// A host may not support reading on in a report, or may give the report a new name each time. A task must end all the same.
func TestATaskGivesUpAReportThatNeverEnds(t *testing.T) {
	t.Parallel()
	var version atomic.Int64
	for name, identity := range map[string]func() string{
		"no identity":        func() string { return "" },
		"another each time":  func() string { return fmt.Sprintf("%q", fmt.Sprint(version.Add(1))) },
		"no ranges, one tag": func() string { return `"same"` },
	} {
		isGivenUp := func(t *testing.T) {
			account := octoDemo()
			account.FirstDay = "2026-11-19"
			w := createInBubble(t, account).save()
			w.gitHub.Intercept(failing("/users-1-day/2026-11-19/", 1e6, func(rw http.ResponseWriter, r *http.Request) {
				body := whole(w.gitHub, r.Clone(context.WithoutCancel(r.Context()))).Body.Bytes()
				if tag := identity(); tag != "" {
					rw.Header().Set("ETag", tag)
				}
				rw.WriteHeader(http.StatusOK)
				_, _ = rw.Write(body[:len(body)/2])
				rw.(http.Flusher).Flush()
				<-r.Context().Done()
			}))
			task, runs := w.queued()[0].Task, 0
			for ; ; runs++ {
				if runs > 20 { // the other two days may wait for this one. Each that is read gives the task four more attempts
					t.Fatal("the task never ends")
				}
				ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second+2*time.Second) // the margin, and time to read the first rows
				if err := w.collector.Run(ctx, task); err != nil {
					t.Fatal(err)
				}
				cancel()
				tasks := w.queued()
				if len(tasks) == 0 {
					break
				}
				task = tasks[0].Task
			}
			w.mustBe(connector.StatusDegraded, "slow", "No day is lost")
			w.gitHub.Intercept(nil)
			w.pollAt(morning(1))
			w.mustShowWhatGitHubHas(4)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, isGivenUp)
		})
	}
}
