package metrics

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// Day is one UTC day of an account, as the Admin API shows it. A nil field is unknown.
type Day struct {
	Date      calendar.Date `json:"date"`
	State     State         `json:"state"`
	Revision  int           `json:"revision"` // 0: no report was read yet
	FetchedAt *time.Time    `json:"fetchedAt"`
	People    *PeopleRead   `json:"people"` // nil: nobody is known to be missing
	Usage
}

// ReadDay returns a day whose report was read at an instant. users is nil if GitHub has no per-user report for the day, or none that
// could be read.
func ReadDay(date calendar.Date, usage *Usage, users *UserTotals, at time.Time) Day {
	at = at.UTC()
	day := Day{Date: date, State: StateRead(date, at), Revision: 1, FetchedAt: &at, Usage: *usage}
	var read int64
	switch {
	case users != nil:
		read = users.Active
		day.EngagedUsers, day.CreditsUsed = new(users.Engaged), users.Credits
	case usage.ActiveUsers != nil && *usage.ActiveUsers == 0: // GitHub has no per-user report if nobody was active
		day.EngagedUsers = new(int64)
	}
	day.People = PeopleReadOf(usage.ActiveUsers, read)
	return day
}

// UnreadDay returns a day without numbers.
func UnreadDay(date calendar.Date, state State) Day { return Day{Date: date, State: state} }

// Usage is the use of Copilot on one day or over a range.
type Usage struct {
	ActiveUsers  *int64        `json:"activeUsers"`  // a day: GitHub's daily_active_users; a range: distinct people
	EngagedUsers *int64        `json:"engagedUsers"` // distinct people with an interaction, generation or acceptance
	Completions  *Completions  `json:"completions"`
	Chat         *Chat         `json:"chat"`
	CLI          *CLI          `json:"cli"`
	PullRequests *PullRequests `json:"pullRequests"`
	CreditsUsed  *Credits      `json:"creditsUsed"` // the sum of the per-user rows

	// For a single day only: GitHub counts the people of the 7 and of the 28 days that end with it. Such counts cannot be added up.
	WeeklyActiveUsers  *int64              `json:"weeklyActiveUsers"`
	MonthlyActiveUsers *int64              `json:"monthlyActiveUsers"`
	CodeReview         *feature.CodeReview `json:"codeReview"`
	Adoption           []feature.Phase     `json:"adoption"` // by number; nil: not reported

	Features []feature.Row   `json:"features"` // nil: not reported
	Agents   *feature.Agents `json:"agents"`
	Tools    []feature.Tool  `json:"tools"` // nil: not reported
}

// Totals is Usage over a range of days.
type Totals struct {
	DaysWithData int          `json:"daysWithData"`
	People       *PeopleShort `json:"people"` // nil: no people are known to be missing
	Usage
}

// Completions counts the feature code_completion alone. Agents' edits are generated without being accepted one by one and would
// lower the rate. Lines are added lines.
type Completions struct {
	Suggested      *int64    `json:"suggested"`
	Accepted       *int64    `json:"accepted"`
	AcceptanceRate *float64  `json:"acceptanceRate"` // accepted ÷ suggested, four decimals; nil if nothing was suggested
	LinesSuggested *int64    `json:"linesSuggested"`
	LinesAccepted  *int64    `json:"linesAccepted"`
	ByEditor       Breakdown `json:"byEditor"`
	ByLanguage     Breakdown `json:"byLanguage"`
	ByModel        Breakdown `json:"byModel"`
}

// Basis says what the rows of a Breakdown count.
type Basis string

// The bases. GitHub splits editors over all features only, and documents models for chat only.
const (
	BasisCompletions Basis = "completions"
	BasisAllFeatures Basis = "all_features"
	BasisNotReported Basis = "not_reported" // no such split in the report; no rows
)

// Breakdown splits completions by one kind of name. Its rows may add up to less than the whole, because the whole is GitHub's own
// total.
type Breakdown struct {
	Basis Basis           `json:"basis"`
	Rows  []CompletionRow `json:"rows"` // most suggestions first, then by name; never nil
}

// CompletionRow is one editor, language or model.
type CompletionRow struct {
	Name      string `json:"name"`
	Suggested *int64 `json:"suggested"`
	Accepted  *int64 `json:"accepted"`
}

// Chat counts user-initiated interactions of the features chat_*.
type Chat struct {
	Interactions *int64    `json:"interactions"`
	ByMode       []ChatRow `json:"byMode"`
	ByModel      []ChatRow `json:"byModel"` // nil: GitHub gives no such split for the day
}

// ChatRow is one mode or model.
type ChatRow struct {
	Name         string `json:"name"`
	Interactions *int64 `json:"interactions"`
}

// CLI is the use of Copilot on the command line.
type CLI struct {
	ActiveUsers  *int64 `json:"activeUsers"`
	Sessions     *int64 `json:"sessions"`
	Requests     *int64 `json:"requests"`
	PromptTokens *int64 `json:"promptTokens"`
	OutputTokens *int64 `json:"outputTokens"`
}

// PullRequests counts the account's pull requests and the suggestions in their reviews.
type PullRequests struct {
	Created              *int64   `json:"created"`
	Reviewed             *int64   `json:"reviewed"`
	Merged               *int64   `json:"merged"`
	CreatedByCopilot     *int64   `json:"createdByCopilot"`
	ReviewedByCopilot    *int64   `json:"reviewedByCopilot"`
	SuggestionsByCopilot *int64   `json:"suggestionsByCopilot"`
	SuggestionsApplied   *int64   `json:"suggestionsApplied"`   // Copilot's suggestions only
	MedianMinutesToMerge *float64 `json:"medianMinutesToMerge"` // nil over a range, because medians cannot be combined

	MergedCreatedByCopilot  *int64 `json:"mergedCreatedByCopilot"`
	MergedReviewedByCopilot *int64 `json:"mergedReviewedByCopilot"`
	Suggestions             *int64 `json:"suggestions"`        // by people and Copilot
	AppliedSuggestions      *int64 `json:"appliedSuggestions"` // by people and Copilot

	// The medians of pull requests that Copilot has written, and of those that it has reviewed. They are nil over a range.
	MedianMinutesToMergeCopilotAuthored *float64 `json:"medianMinutesToMergeCopilotAuthored"`
	MedianMinutesToMergeCopilotReviewed *float64 `json:"medianMinutesToMergeCopilotReviewed"`

	SuggestionsByCommentType []feature.CommentType `json:"suggestionsByCommentType"` // Copilot's; nil: not reported
}
