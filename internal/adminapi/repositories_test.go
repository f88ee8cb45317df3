//go:build !race

package adminapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

func (a *app) repositories(path, query string) usage.Repositories {
	a.t.Helper()
	got := a.send(http.MethodGet, path+"/repositories"+query, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	return decode[usage.Repositories](a.t, got)
}

// created adds up the pull requests created in a list of repositories, and counts the repositories with a median.
func created(list []usage.Repository) (sum int64, medians int) {
	for _, repository := range list {
		if p := repository.PullRequests; p != nil {
			sum += *p.Created
			if p.MedianMinutesToMerge != nil {
				medians++
			}
		}
	}
	return sum, medians
}

func TestTheRepositoriesPullRequestsAddUpToTheAccounts(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	saved := a.saved()
	var days int64
	data := 0
	shown := a.usage(saved + "/usage?from=2026-10-25&to=2026-11-21")
	for _, day := range shown.Days {
		if day.State == metrics.Final || day.State == metrics.Provisional {
			data++
		}
		if day.PullRequests != nil {
			days += *day.PullRequests.Created
		}
	}
	got := a.repositories(saved, "?from=2026-10-25&to=2026-11-21")
	sum, medians := created(got.Repositories)
	if sum != days || medians > 0 || got.DaysWithData != data || len(got.Repositories) != 4 || got.Repositories[0].Name != "octo/api" || *got.Repositories[0].Visibility != "internal" {
		t.Errorf("%d of %d pull requests, %d medians, %d of %d days: %+v", sum, days, medians, got.DaysWithData, data, got.Repositories)
	}
	for _, day := range shown.Days {
		if pulls := day.PullRequests; pulls != nil && *pulls.Merged > 3 {
			one := a.repositories(saved, "?from="+day.Date.String()+"&to="+day.Date.String())
			if sum, medians := created(one.Repositories); sum != *pulls.Created || medians != 4 || one.DaysWithData != 1 {
				t.Errorf("on %s there are %d pull requests and %d medians", day.Date, sum, medians)
			}
			break
		}
	}
	table := a.export(saved + "/export?kind=repositories&from=2026-10-25&to=2026-11-21")
	if len(table) != 4 || table[0]["name"] != "octo/api" {
		t.Errorf("the table is %v", table)
	}
	if before := a.repositories(saved, "?from=2026-07-01&to=2026-07-16"); before.DaysWithData != 0 || before.Repositories == nil || len(before.Repositories) != 0 {
		t.Errorf("before there were any, there are %+v", before)
	}

	restated := a.repositories(saved, "?from=2026-11-20&to=2026-11-20")
	a.pollAt(saved, at(11, 23))
	if diff := cmp.Diff(restated, a.repositories(saved, "?from=2026-11-20&to=2026-11-20")); diff != "" && !strings.Contains(diff, "created") {
		t.Errorf("after another poll (-before +after):\n%s", diff)
	}
}
