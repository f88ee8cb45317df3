package export

import (
	"cmp"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Day is a day of the account.
type Day struct {
	Date                            calendar.Date    `json:"date"`
	State                           metrics.State    `json:"state"`
	Revision                        int              `json:"revision"`
	FetchedAt                       *time.Time       `json:"fetchedAt"`
	ActiveUsers                     *int64           `json:"activeUsers"`
	EngagedUsers                    *int64           `json:"engagedUsers"`
	Suggested                       *int64           `json:"suggested"`
	Accepted                        *int64           `json:"accepted"`
	AcceptanceRate                  *float64         `json:"acceptanceRate"`
	LinesSuggested                  *int64           `json:"linesSuggested"`
	LinesAccepted                   *int64           `json:"linesAccepted"`
	ChatInteractions                *int64           `json:"chatInteractions"`
	CLIActiveUsers                  *int64           `json:"cliActiveUsers"`
	CLISessions                     *int64           `json:"cliSessions"`
	CLIRequests                     *int64           `json:"cliRequests"`
	CLIPromptTokens                 *int64           `json:"cliPromptTokens"`
	CLIOutputTokens                 *int64           `json:"cliOutputTokens"`
	PullRequestsCreated             *int64           `json:"pullRequestsCreated"`
	PullRequestsReviewed            *int64           `json:"pullRequestsReviewed"`
	PullRequestsMerged              *int64           `json:"pullRequestsMerged"`
	PullRequestsCreatedByCopilot    *int64           `json:"pullRequestsCreatedByCopilot"`
	PullRequestsReviewedByCopilot   *int64           `json:"pullRequestsReviewedByCopilot"`
	PullRequestSuggestionsByCopilot *int64           `json:"pullRequestSuggestionsByCopilot"`
	PullRequestSuggestionsApplied   *int64           `json:"pullRequestSuggestionsApplied"`
	PullRequestMedianMinutesToMerge *float64         `json:"pullRequestMedianMinutesToMerge"`
	CreditsUsed                     *metrics.Credits `json:"creditsUsed"`
	PeopleRead                      *int64           `json:"peopleRead"` // nil together with peopleExpected if nobody is known to be missing
	PeopleExpected                  *int64           `json:"peopleExpected"`

	WeeklyActiveUsers                              *int64   `json:"weeklyActiveUsers"`
	MonthlyActiveUsers                             *int64   `json:"monthlyActiveUsers"`
	CodeReviewActiveUsers                          *int64   `json:"codeReviewActiveUsers"`
	CodeReviewPassiveUsers                         *int64   `json:"codeReviewPassiveUsers"`
	VSCodeAgentActiveUsers                         *int64   `json:"vscodeAgentActiveUsers"`
	VSCodeAgentSessions                            *int64   `json:"vscodeAgentSessions"`
	VSCodeAgentMessages                            *int64   `json:"vscodeAgentMessages"`
	CloudAgentActiveUsers                          *int64   `json:"cloudAgentActiveUsers"`
	AppActiveUsers                                 *int64   `json:"appActiveUsers"`
	AppSessions                                    *int64   `json:"appSessions"`
	AppRequests                                    *int64   `json:"appRequests"`
	PullRequestsMergedCreatedByCopilot             *int64   `json:"pullRequestsMergedCreatedByCopilot"`
	PullRequestsMergedReviewedByCopilot            *int64   `json:"pullRequestsMergedReviewedByCopilot"`
	PullRequestSuggestions                         *int64   `json:"pullRequestSuggestions"`        // by people and Copilot
	PullRequestAppliedSuggestions                  *int64   `json:"pullRequestAppliedSuggestions"` // by people and Copilot
	PullRequestMedianMinutesToMergeCopilotAuthored *float64 `json:"pullRequestMedianMinutesToMergeCopilotAuthored"`
	PullRequestMedianMinutesToMergeCopilotReviewed *float64 `json:"pullRequestMedianMinutesToMergeCopilotReviewed"`
}

// DayOf returns the row of a day.
func DayOf(d *metrics.Day) []Day {
	completions, chat := cmp.Or(d.Completions, &metrics.Completions{}), cmp.Or(d.Chat, &metrics.Chat{})
	cli, pulls := cmp.Or(d.CLI, &metrics.CLI{}), cmp.Or(d.PullRequests, &metrics.PullRequests{})
	row := Day{
		Date: d.Date, State: d.State, Revision: d.Revision, FetchedAt: d.FetchedAt,
		ActiveUsers: d.ActiveUsers, EngagedUsers: d.EngagedUsers,
		Suggested: completions.Suggested, Accepted: completions.Accepted, AcceptanceRate: completions.AcceptanceRate,
		LinesSuggested: completions.LinesSuggested, LinesAccepted: completions.LinesAccepted,
		ChatInteractions: chat.Interactions,
		CLIActiveUsers:   cli.ActiveUsers, CLISessions: cli.Sessions, CLIRequests: cli.Requests,
		CLIPromptTokens: cli.PromptTokens, CLIOutputTokens: cli.OutputTokens,
		PullRequestsCreated: pulls.Created, PullRequestsReviewed: pulls.Reviewed, PullRequestsMerged: pulls.Merged,
		PullRequestsCreatedByCopilot: pulls.CreatedByCopilot, PullRequestsReviewedByCopilot: pulls.ReviewedByCopilot,
		PullRequestSuggestionsByCopilot: pulls.SuggestionsByCopilot, PullRequestSuggestionsApplied: pulls.SuggestionsApplied,
		PullRequestMedianMinutesToMerge: pulls.MedianMinutesToMerge,
		CreditsUsed:                     d.CreditsUsed,
	}
	if people := d.People; people != nil {
		row.PeopleRead, row.PeopleExpected = &people.Read, &people.Expected
	}
	row.addFurther(d)
	return []Day{row}
}

// addFurther adds the newer blocks of GitHub's report, in columns after the others.
func (row *Day) addFurther(d *metrics.Day) {
	review, agents, pulls := cmp.Or(d.CodeReview, &feature.CodeReview{}), cmp.Or(d.Agents, &feature.Agents{}), cmp.Or(d.PullRequests, &metrics.PullRequests{})
	vscode, cloud, app := cmp.Or(agents.VSCode, &feature.VSCodeAgent{}), cmp.Or(agents.Cloud, &feature.CloudAgent{}), cmp.Or(agents.App, &feature.App{})
	row.WeeklyActiveUsers, row.MonthlyActiveUsers = d.WeeklyActiveUsers, d.MonthlyActiveUsers
	row.CodeReviewActiveUsers, row.CodeReviewPassiveUsers = review.ActiveUsers, review.PassiveUsers
	row.VSCodeAgentActiveUsers, row.VSCodeAgentSessions, row.VSCodeAgentMessages = vscode.ActiveUsers, vscode.Sessions, vscode.Messages
	row.CloudAgentActiveUsers = cloud.ActiveUsers
	row.AppActiveUsers, row.AppSessions, row.AppRequests = app.ActiveUsers, app.Sessions, app.Requests
	row.PullRequestsMergedCreatedByCopilot, row.PullRequestsMergedReviewedByCopilot = pulls.MergedCreatedByCopilot, pulls.MergedReviewedByCopilot
	row.PullRequestSuggestions, row.PullRequestAppliedSuggestions = pulls.Suggestions, pulls.AppliedSuggestions
	row.PullRequestMedianMinutesToMergeCopilotAuthored = pulls.MedianMinutesToMergeCopilotAuthored
	row.PullRequestMedianMinutesToMergeCopilotReviewed = pulls.MedianMinutesToMergeCopilotReviewed
}
