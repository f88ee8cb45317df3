package metrics_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

const reposDay = calendar.Date(20778) // 2026-11-21

func readRepos(parts ...string) ([]metrics.Repository, error) {
	reader := metrics.NewReposReader(reposDay, metrics.Owner{Scope: copilot.Organization, ID: "7"})
	for _, part := range parts {
		if err := reader.ReadPart(strings.NewReader(part)); err != nil {
			return nil, err
		}
	}
	return reader.Repositories(), nil
}

func TestAReportByRepositoryIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	const web = `{"day":"2026-11-21","organization_id":"7","repo_id":41,"repo_owner_name":"octo","repo_name":"web","repo_visibility":"private",
		"pull_requests":{"total_created":3,"total_merged":1,"median_minutes_to_merge":12.5},"pull_request_review_times":[],"new_field":{"a":1}}`
	const docs = `{"repo_id":"42","repo_name":"docs"}`
	want := []metrics.Repository{
		{ID: "42", Name: "docs"},
		{ID: "41", Name: "octo/web", Visibility: "private", PullRequests: &metrics.PullRequests{
			Created: new(int64(3)), Merged: new(int64(1)), MedianMinutesToMerge: new(12.5),
		}},
	}
	for name, parts := range map[string][]string{
		"lines": {web + "\n" + docs + "\n"}, "an array": {"[" + web + "," + docs + "]"}, "parts that overlap": {web, docs + "\n" + web}, "parts without rows": {"", web + docs},
	} {
		got, err := readRepos(parts...)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestAnInvalidReportByRepositoryIsRefused(t *testing.T) {
	t.Parallel()
	for row, code := range map[string]fault.Code{
		`{"repo_id":1}`: fault.ReportBroken,
		`{"repo_id":1,"repo_name":"web","day":"2026-11-20"}`:                       fault.ReportBroken,
		`{"repo_id":1,"repo_name":"web","pull_requests":{"total_created":-1}}`:     fault.ReportBroken,
		`{"repo_id":1,"repo_name":"` + strings.Repeat("w", 201) + `"}`:             fault.ReportBroken,
		`{"repo_id":1,"repo_name":"web","organization_id":8}`:                      fault.OtherAccount,
		`{"repo_id":1,"repo_name":"web","pull_requests":{"total_created":1.5}}`:    fault.ReportBroken,
		`{"repo_id":1,"repo_name":"web"`:                                           fault.ReportBroken,
		`{"repo_id":1,"repo_name":"web","pull_requests":{"total_created":1e40}}`:   fault.ReportBroken,
		`{"repo_id":true,"repo_name":"web","pull_requests":{"total_created":"3"}}`: fault.ReportBroken,
	} {
		if got, err := readRepos(row); !fault.Is(err, code) {
			t.Errorf("%s: got %v, %v, want code %s", row, got, err, code)
		}
	}
}

func TestTheDaysOfARepositoryAddUpWithoutMedians(t *testing.T) {
	t.Parallel()
	with := func(id, name string, created int64) metrics.Repository {
		return metrics.Repository{ID: id, Name: name, PullRequests: &metrics.PullRequests{Created: &created, MedianMinutesToMerge: new(3.0)}}
	}
	var got metrics.Repository
	for _, day := range []metrics.Repository{with("1", "octo/web", 3), {ID: "1", Name: "octo/web"}, with("1", "octo/website", 4)} {
		got.Add(&day)
	}
	want := metrics.Repository{ID: "1", Name: "octo/website", PullRequests: &metrics.PullRequests{Created: new(int64(7))}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
