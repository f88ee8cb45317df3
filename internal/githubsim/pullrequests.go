package githubsim

// pullRequests has no medians on a day on which nothing was merged.
type pullRequests struct {
	Created                   int `json:"total_created"`
	Reviewed                  int `json:"total_reviewed"`
	Merged                    int `json:"total_merged"`
	Suggestions               int `json:"total_suggestions"`
	AppliedSuggestions        int `json:"total_applied_suggestions"`
	CreatedByCopilot          int `json:"total_created_by_copilot"`
	ReviewedByCopilot         int `json:"total_reviewed_by_copilot"`
	MergedCreatedByCopilot    int `json:"total_merged_created_by_copilot"`
	MergedReviewedByCopilot   int `json:"total_merged_reviewed_by_copilot"`
	CopilotSuggestions        int `json:"total_copilot_suggestions"`
	CopilotAppliedSuggestions int `json:"total_copilot_applied_suggestions"`

	MedianMinutesToMerge                *float64 `json:"median_minutes_to_merge,omitempty"`
	MedianMinutesToMergeCopilotAuthored *float64 `json:"median_minutes_to_merge_copilot_authored,omitempty"`
	MedianMinutesToMergeCopilotReviewed *float64 `json:"median_minutes_to_merge_copilot_reviewed,omitempty"`

	SuggestionsByCommentType []commentTypeRow `json:"copilot_suggestions_by_comment_type"`
}

type commentTypeRow struct {
	CommentType string `json:"comment_type"`
	Suggestions int    `json:"total_copilot_suggestions"`
	Applied     int    `json:"total_copilot_applied_suggestions"`
}

// pullRequests returns nil on a day without pull requests, because GitHub omits the block then.
func (p population) pullRequests(on day) *pullRequests {
	r := p.dice.sequence(0, on, pullRequestsOfDay)
	most := max(p.everybody()/3, 3)
	if on.weekend() {
		most = max(most/10, 1)
	}
	created := r.IntN(most + 1)
	merged := r.IntN(created + 1)
	if created == 0 {
		return nil
	}
	suggestions := created + r.IntN(created*2)
	byCopilot := r.IntN(suggestions + 1)
	applied := r.IntN(byCopilot + 1)
	block := &pullRequests{
		Created: created, Reviewed: created - r.IntN(created/4+1), Merged: merged,
		Suggestions: suggestions, AppliedSuggestions: applied + r.IntN(suggestions-byCopilot+1),
		CreatedByCopilot: r.IntN(created/4 + 1), ReviewedByCopilot: r.IntN(created + 1),
		MergedCreatedByCopilot: r.IntN(merged/4 + 1), MergedReviewedByCopilot: r.IntN(merged + 1),
		CopilotSuggestions: byCopilot, CopilotAppliedSuggestions: applied,
		SuggestionsByCommentType: []commentTypeRow{},
	}
	if byCopilot > 0 {
		block.SuggestionsByCommentType = []commentTypeRow{{"code_quality", byCopilot, applied}}
	}
	median := func(of int) *float64 {
		if of == 0 {
			return nil
		}
		minutes := float64(400+r.IntN(90_000)) / 100
		return &minutes
	}
	block.MedianMinutesToMerge = median(merged)
	block.MedianMinutesToMergeCopilotAuthored = median(block.MergedCreatedByCopilot)
	block.MedianMinutesToMergeCopilotReviewed = median(block.MergedReviewedByCopilot)
	return block
}
