package githubsim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// reposSince is the first day for which GitHub has reports by repository.
var reposSince = mustDay("2026-07-17")

// repositories are the repositories of every account.
var repositories = []struct{ name, visibility string }{{"web", "private"}, {"api", "internal"}, {"docs", "public"}, {"infra", "private"}}

// repoRow is a repository on a day.
type repoRow struct {
	Day            string `json:"day"`
	OrganizationID string `json:"organization_id,omitempty"`
	EnterpriseID   string `json:"enterprise_id,omitempty"`
	RepoID         int64  `json:"repo_id"`
	Owner          string `json:"repo_owner_name"`
	Name           string `json:"repo_name"`
	Visibility     string `json:"repo_visibility"`

	PullRequests *pullRequests `json:"pull_requests,omitempty"`
	ReviewTimes  []any         `json:"pull_request_review_times"`
	pipeline
}

// writeRepositories writes one part of a repos-1-day report. The day's pull requests are divided among the rows. Every part also
// has the first row, because GitHub's parts overlap.
func writeRepositories(w io.Writer, p population, on day, part int) error {
	out := bufio.NewWriter(w)
	rows := json.NewEncoder(out)
	whole := p.pullRequests(on)
	if knownTotals.of(p, on).active == 0 { // as in the account's own report
		whole = nil
	}
	for i, repository := range repositories {
		if i > 0 && i%p.account.shards() != part || whole == nil {
			continue
		}
		row := repoRow{
			Day: on.String(), RepoID: entityID("repository/" + p.account.Slug + "/" + repository.name), Owner: p.account.Slug,
			Name: repository.name, Visibility: repository.visibility, PullRequests: whole.share(i, len(repositories)),
			ReviewTimes: []any{}, pipeline: pipelineOf(on),
		}
		if p.account.Kind == Enterprise {
			row.EnterpriseID = p.account.idString()
		} else {
			row.OrganizationID = p.account.idString()
		}
		if err := rows.Encode(row); err != nil {
			return fmt.Errorf("write report by repository: %w", err)
		}
	}
	return out.Flush()
}

// share returns one repository's share of a day's pull requests.
func (p *pullRequests) share(of, repositories int) *pullRequests {
	part := func(n int) int {
		share := n / repositories
		if of < n%repositories {
			share++
		}
		return share
	}
	some := &pullRequests{
		Created: part(p.Created), Reviewed: part(p.Reviewed), Merged: part(p.Merged),
		Suggestions: part(p.Suggestions), AppliedSuggestions: part(p.AppliedSuggestions),
		CreatedByCopilot: part(p.CreatedByCopilot), ReviewedByCopilot: part(p.ReviewedByCopilot),
		MergedCreatedByCopilot: part(p.MergedCreatedByCopilot), MergedReviewedByCopilot: part(p.MergedReviewedByCopilot),
		CopilotSuggestions: part(p.CopilotSuggestions), CopilotAppliedSuggestions: part(p.CopilotAppliedSuggestions),
		SuggestionsByCommentType: []commentTypeRow{},
	}
	if some.Merged > 0 {
		some.MedianMinutesToMerge = p.MedianMinutesToMerge
	}
	return some
}
