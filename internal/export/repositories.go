package export

import (
	"cmp"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Repository has the pull requests of a repository over a range. It has medians only if the range is a single day.
type Repository struct {
	Name                                string   `json:"name"`
	Visibility                          *string  `json:"visibility"`
	PullRequestsCreated                 *int64   `json:"pullRequestsCreated"`
	PullRequestsReviewed                *int64   `json:"pullRequestsReviewed"`
	PullRequestsMerged                  *int64   `json:"pullRequestsMerged"`
	PullRequestsCreatedByCopilot        *int64   `json:"pullRequestsCreatedByCopilot"`
	PullRequestsReviewedByCopilot       *int64   `json:"pullRequestsReviewedByCopilot"`
	PullRequestsMergedCreatedByCopilot  *int64   `json:"pullRequestsMergedCreatedByCopilot"`
	PullRequestsMergedReviewedByCopilot *int64   `json:"pullRequestsMergedReviewedByCopilot"`
	PullRequestSuggestions              *int64   `json:"pullRequestSuggestions"`
	PullRequestAppliedSuggestions       *int64   `json:"pullRequestAppliedSuggestions"`
	PullRequestSuggestionsByCopilot     *int64   `json:"pullRequestSuggestionsByCopilot"`
	PullRequestSuggestionsApplied       *int64   `json:"pullRequestSuggestionsApplied"`
	PullRequestMedianMinutesToMerge     *float64 `json:"pullRequestMedianMinutesToMerge"`
}

// RepositoryOf returns the row of a repository.
func RepositoryOf(name string, visibility *string, pullRequests *metrics.PullRequests) Repository {
	p := cmp.Or(pullRequests, &metrics.PullRequests{})
	return Repository{
		Name: name, Visibility: visibility,
		PullRequestsCreated: p.Created, PullRequestsReviewed: p.Reviewed, PullRequestsMerged: p.Merged,
		PullRequestsCreatedByCopilot: p.CreatedByCopilot, PullRequestsReviewedByCopilot: p.ReviewedByCopilot,
		PullRequestsMergedCreatedByCopilot: p.MergedCreatedByCopilot, PullRequestsMergedReviewedByCopilot: p.MergedReviewedByCopilot,
		PullRequestSuggestions: p.Suggestions, PullRequestAppliedSuggestions: p.AppliedSuggestions,
		PullRequestSuggestionsByCopilot: p.SuggestionsByCopilot, PullRequestSuggestionsApplied: p.SuggestionsApplied,
		PullRequestMedianMinutesToMerge: p.MedianMinutesToMerge,
	}
}
