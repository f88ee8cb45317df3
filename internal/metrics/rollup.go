package metrics

import (
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/count"
	"cloudmonitor.ai/copilot-connector/internal/feature"
)

const (
	featureCompletion = "code_completion"
	chatPrefix        = "chat_"
)

// rollUp turns one aggregate record into the numbers of the Admin API.
func rollUp(record *dayRecord) (*Usage, error) {
	if err := record.check(); err != nil {
		return nil, err
	}
	return &Usage{
		ActiveUsers:  record.DailyActiveUsers,
		Completions:  completionsOf(record),
		Chat:         chatOf(record),
		CLI:          cliOf(record),
		PullRequests: pullRequestsOf(record.PullRequests),

		WeeklyActiveUsers:  record.WeeklyActiveUsers,
		MonthlyActiveUsers: record.MonthlyActiveUsers,
		CodeReview:         codeReviewOf(record),
		Adoption:           adoptionOf(record.ByPhase),
		Features:           featuresOf(record.ByFeature),
		Agents:             agentsOf(record),
		Tools:              toolsOf(record),
	}, nil
}

// completionsOf returns nil if GitHub reports no features. A day with features but without code_completion had 0 completions.
func completionsOf(record *dayRecord) *Completions {
	if record.ByFeature == nil {
		return nil
	}
	sum := noActivity()
	for _, row := range record.ByFeature {
		if row.Feature == featureCompletion {
			sum.add(row.activity)
		}
	}

	// GitHub documents models for chat only. So completions count as split by model only if there is such a row.
	var editors, languages, models completionRows
	if record.ByIDE != nil {
		editors = completionRows{}
	}
	if record.ByLanguageFeature != nil {
		languages = completionRows{}
	}
	for _, row := range record.ByIDE {
		editors.add(row.IDE, row.Generated, row.Accepted)
	}
	for _, row := range record.ByLanguageFeature {
		if row.Feature == featureCompletion {
			languages.add(row.Language, row.Generated, row.Accepted)
		}
	}
	for _, row := range record.ByModelFeature {
		if row.Feature == featureCompletion {
			models.add(row.Model, row.Generated, row.Accepted)
		}
	}
	return newCompletions(&sum, editors, languages, models)
}

func newCompletions(sum *activity, editors, languages, models completionRows) *Completions {
	return &Completions{
		Suggested:      sum.Generated,
		Accepted:       sum.Accepted,
		AcceptanceRate: rate(sum.Accepted, sum.Generated),
		LinesSuggested: sum.LinesOffered,
		LinesAccepted:  sum.LinesAdded,
		ByEditor:       editors.breakdown(BasisAllFeatures, sum.Generated),
		ByLanguage:     languages.breakdown(BasisCompletions, sum.Generated),
		ByModel:        models.breakdown(BasisCompletions, sum.Generated),
	}
}

func chatOf(record *dayRecord) *Chat {
	if record.ByFeature == nil {
		return nil
	}
	chat := Chat{Interactions: new(int64)}
	var modes, models chatRows
	for _, row := range record.ByFeature {
		if strings.HasPrefix(row.Feature, chatPrefix) {
			chat.Interactions = count.Add(chat.Interactions, row.Interactions)
			modes.add(chatMode(row.Feature), row.Interactions)
		}
	}
	chat.ByMode = modes.list()
	if record.ByModelFeature != nil {
		for _, row := range record.ByModelFeature {
			if strings.HasPrefix(row.Feature, chatPrefix) {
				models.add(row.Model, row.Interactions)
			}
		}
		chat.ByModel = models.list()
	}
	return &chat
}

// chatMode shortens chat_panel_ask_mode to ask, and chat_inline to inline.
func chatMode(feature string) string {
	mode := strings.TrimPrefix(feature, chatPrefix)
	if panel, ok := strings.CutPrefix(mode, "panel_"); ok {
		mode = strings.TrimSuffix(panel, "_mode")
	}
	return mode
}

func cliOf(record *dayRecord) *CLI {
	if record.CLI == nil && record.DailyActiveCLI == nil {
		return nil
	}
	cli := &CLI{ActiveUsers: record.DailyActiveCLI}
	if totals := record.CLI; totals != nil {
		cli.Sessions, cli.Requests = totals.Sessions, totals.Requests
		cli.PromptTokens, cli.OutputTokens = totals.Tokens.Prompt, totals.Tokens.Output
	}
	return cli
}

func pullRequestsOf(record *pullRequestsRecord) *PullRequests {
	if record == nil {
		return nil
	}
	var types feature.CommentTypes
	types.Reported(record.ByCommentType != nil)
	for _, row := range record.ByCommentType {
		types.Add(feature.CommentType(row))
	}
	return &PullRequests{
		Created:              record.Created,
		Reviewed:             record.Reviewed,
		Merged:               record.Merged,
		CreatedByCopilot:     record.CreatedByCopilot,
		ReviewedByCopilot:    record.ReviewedByCopilot,
		SuggestionsByCopilot: record.CopilotSuggestions,
		SuggestionsApplied:   record.CopilotApplied,
		MedianMinutesToMerge: record.MedianToMerge,

		MergedCreatedByCopilot:              record.MergedCreatedByCopilot,
		MergedReviewedByCopilot:             record.MergedReviewedByCopilot,
		Suggestions:                         record.Suggestions,
		AppliedSuggestions:                  record.Applied,
		MedianMinutesToMergeCopilotAuthored: record.MedianCopilotAuthored,
		MedianMinutesToMergeCopilotReviewed: record.MedianCopilotReviewed,
		SuggestionsByCommentType:            types.List(),
	}
}

func noActivity() activity {
	return activity{Interactions: new(int64), Generated: new(int64), Accepted: new(int64), LinesOffered: new(int64), LinesAdded: new(int64)}
}

func (a *activity) add(b activity) {
	a.Interactions = count.Add(a.Interactions, b.Interactions)
	a.Generated = count.Add(a.Generated, b.Generated)
	a.Accepted = count.Add(a.Accepted, b.Accepted)
	a.LinesOffered = count.Add(a.LinesOffered, b.LinesOffered)
	a.LinesAdded = count.Add(a.LinesAdded, b.LinesAdded)
}
