package metrics

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The bounds of what we believe. They are far above the largest account. They are small enough that no sum over the rows of a record
// or the days of a year overflows 64 bits.
const (
	maxCount  = 1_000_000_000_000
	maxTokens = 1_000_000_000_000_000
	maxRows   = 10_000 // rows of one list of an aggregate
	maxName   = 200    // bytes of the name of an editor, language, model or feature

	// MaxPeople bounds the people of a report, because a hostile report could name new people for ever.
	MaxPeople = 500_000
)

// checker keeps the first contradiction that it finds in a record.
type checker struct{ err error }

func (c *checker) failf(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *checker) count(name string, n *int64) { c.atMost(maxCount, name, n) }

func (c *checker) atMost(limit int64, name string, n *int64) {
	switch {
	case n == nil:
	case *n < 0:
		c.failf("%s is negative", name)
	case *n > limit:
		c.failf("%s is too large to be true", name)
	}
}

func (c *checker) median(name string, minutes *float64) {
	if minutes != nil && *minutes < 0 {
		c.failf("%s is negative", name)
	}
}

func (c *checker) name(name string) {
	if len(name) > maxName {
		c.failf("a name in a breakdown is too long")
	}
	if strings.ContainsRune(name, utf8.RuneError) { // the decoder's replacement for bytes that are not UTF-8
		c.failf("a name in a breakdown is not UTF-8")
	}
}

func (c *checker) activity(a *activity) {
	c.count("user_initiated_interaction_count", a.Interactions)
	c.count("code_generation_activity_count", a.Generated)
	c.count("code_acceptance_activity_count", a.Accepted)
	c.count("loc_suggested_to_add_sum", a.LinesOffered)
	c.count("loc_added_sum", a.LinesAdded)
}

func (r *dayRecord) check() error {
	var c checker
	c.count("daily_active_users", r.DailyActiveUsers)
	c.count("daily_active_cli_users", r.DailyActiveCLI)
	for i := range r.ByFeature {
		c.name(r.ByFeature[i].Feature)
		c.activity(&r.ByFeature[i].activity)
		c.count("loc_deleted_sum", r.ByFeature[i].LinesDeleted)
	}
	for i := range r.ByIDE {
		c.name(r.ByIDE[i].IDE)
		c.activity(&r.ByIDE[i].activity)
	}
	for i := range r.ByLanguageFeature {
		c.name(r.ByLanguageFeature[i].Language)
		c.activity(&r.ByLanguageFeature[i].activity)
	}
	for i := range r.ByModelFeature {
		c.name(r.ByModelFeature[i].Model)
		c.activity(&r.ByModelFeature[i].activity)
	}
	if cli := r.CLI; cli != nil {
		c.count("session_count", cli.Sessions)
		c.count("request_count", cli.Requests)
		c.atMost(maxTokens, "prompt_tokens_sum", cli.Tokens.Prompt)
		c.atMost(maxTokens, "output_tokens_sum", cli.Tokens.Output)
	}
	c.pullRequests(r.PullRequests)
	c.further(&r.furtherRecord)
	return c.err
}

func (c *checker) pullRequests(pr *pullRequestsRecord) {
	if pr == nil {
		return
	}
	c.count("total_created", pr.Created)
	c.count("total_reviewed", pr.Reviewed)
	c.count("total_merged", pr.Merged)
	c.count("total_created_by_copilot", pr.CreatedByCopilot)
	c.count("total_reviewed_by_copilot", pr.ReviewedByCopilot)
	c.count("total_copilot_suggestions", pr.CopilotSuggestions)
	c.count("total_copilot_applied_suggestions", pr.CopilotApplied)
	c.count("total_merged_created_by_copilot", pr.MergedCreatedByCopilot)
	c.count("total_merged_reviewed_by_copilot", pr.MergedReviewedByCopilot)
	c.count("total_suggestions", pr.Suggestions)
	c.count("total_applied_suggestions", pr.Applied)
	c.median("median_minutes_to_merge", pr.MedianToMerge)
	c.median("median_minutes_to_merge_copilot_authored", pr.MedianCopilotAuthored)
	c.median("median_minutes_to_merge_copilot_reviewed", pr.MedianCopilotReviewed)
	for _, row := range pr.ByCommentType {
		c.name(row.CommentType)
		c.count("total_copilot_suggestions", row.Suggestions)
		c.count("total_copilot_applied_suggestions", row.Applied)
	}
}
