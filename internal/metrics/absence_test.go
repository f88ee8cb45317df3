package metrics_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestFieldsThatGitHubLeavesOutAreNullAndNeverZero(t *testing.T) {
	const (
		noSplit = `{"basis":"not_reported","rows":[]}`
		zeros   = `{"suggested":0,"accepted":0,"acceptanceRate":null,"linesSuggested":0,"linesAccepted":0,
			"byEditor":` + noSplit + `,"byLanguage":` + noSplit + `,"byModel":` + noSplit + `}`
		noChat = `{"interactions":0,"byMode":[],"byModel":null}`
		noMore = `"mergedCreatedByCopilot":null,"mergedReviewedByCopilot":null,"medianMinutesToMergeCopilotAuthored":null,
			"medianMinutesToMergeCopilotReviewed":null,"suggestionsByCommentType":null`
	)
	for _, test := range []struct{ name, fields, want string }{
		{"nothing but the day", `"etl_id":"green"`, `{}`},
		{"every field null", `"daily_active_users":null,"daily_active_cli_users":null,"totals_by_ide":null,"totals_by_feature":null,
			"totals_by_language_feature":null,"totals_by_model_feature":null,"totals_by_cli":null,"pull_requests":null`, `{}`},
		{"nobody active", `"daily_active_users":0`, `{"activeUsers":0}`},
		{"breakdowns without features", `"totals_by_ide":[{"ide":"vscode","code_generation_activity_count":3}],"totals_by_language_feature":[]`, `{}`},
		{"no features on a quiet day", `"totals_by_feature":[]`, `{"completions":` + zeros + `,"chat":` + noChat + `,"features":[]}`},
		{
			"features without completions and chat", `"totals_by_feature":[{"feature":"agent_edit","code_generation_activity_count":9}]`,
			`{"completions":` + zeros + `,"chat":` + noChat + `,"features":[` + featureJSON("agent_edit", "null", "9") + `]}`,
		},
		{
			"a completion row without counts", `"totals_by_feature":[{"feature":"code_completion"}]`,
			`{"completions":{"suggested":null,"accepted":null,"acceptanceRate":null,"linesSuggested":null,"linesAccepted":null,
			"byEditor":` + noSplit + `,"byLanguage":` + noSplit + `,"byModel":` + noSplit + `},"chat":` + noChat + `,"features":[` + featureJSON("code_completion", "null", "null") + `]}`,
		},
		{
			"a completion row with some counts", `"totals_by_feature":[{"feature":"code_completion","code_generation_activity_count":4,"loc_added_sum":null}]`,
			`{"completions":{"suggested":4,"accepted":null,"acceptanceRate":null,"linesSuggested":null,"linesAccepted":null,
			"byEditor":` + noSplit + `,"byLanguage":` + noSplit + `,"byModel":` + noSplit + `},"chat":` + noChat + `,"features":[` + featureJSON("code_completion", "null", "4") + `]}`,
		},
		{
			"splits that are empty, not absent", `"totals_by_feature":[],"totals_by_ide":[],"totals_by_language_feature":[],"totals_by_model_feature":[]`,
			`{"completions":{"suggested":0,"accepted":0,"acceptanceRate":null,"linesSuggested":0,"linesAccepted":0,
			"byEditor":{"basis":"all_features","rows":[]},"byLanguage":{"basis":"completions","rows":[]},"byModel":` + noSplit + `},
			"chat":{"interactions":0,"byMode":[],"byModel":[]},"features":[]}`,
		},
		{
			"a chat row without a count", `"totals_by_feature":[{"feature":"chat_inline"}]`,
			`{"completions":` + zeros + `,"chat":{"interactions":null,"byMode":[{"name":"inline","interactions":null}],"byModel":null},"features":[` + featureJSON("chat_inline", "null", "null") + `]}`,
		},
		{
			"a chat row without a count beside one with", `"totals_by_feature":[{"feature":"chat_inline"},{"feature":"chat_panel_ask_mode","user_initiated_interaction_count":0}]`,
			`{"completions":` + zeros + `,"chat":{"interactions":null,"byMode":[{"name":"ask","interactions":0},{"name":"inline","interactions":null}],"byModel":null},
			"features":[` + featureJSON("chat_panel_ask_mode", "0", "null") + "," + featureJSON("chat_inline", "null", "null") + `]}`,
		},
		{
			"only the people of the command line", `"daily_active_cli_users":3`,
			`{"cli":{"activeUsers":3,"sessions":null,"requests":null,"promptTokens":null,"outputTokens":null}}`,
		},
		{
			"the command line without tokens", `"totals_by_cli":{"session_count":0,"request_count":2}`,
			`{"cli":{"activeUsers":null,"sessions":0,"requests":2,"promptTokens":null,"outputTokens":null}}`,
		},
		{"an empty pull request block", `"pull_requests":{}`, `{"pullRequests":{"created":null,"reviewed":null,"merged":null,"createdByCopilot":null,
			"reviewedByCopilot":null,"suggestionsByCopilot":null,"suggestionsApplied":null,"medianMinutesToMerge":null,
			"suggestions":null,"appliedSuggestions":null,` + noMore + `}}`},
		{
			"people's suggestions, not Copilot's", `"pull_requests":{"total_merged":0,"total_suggestions":7,"total_applied_suggestions":5}`,
			`{"pullRequests":{"created":null,"reviewed":null,"merged":0,"createdByCopilot":null,
			"reviewedByCopilot":null,"suggestionsByCopilot":null,"suggestionsApplied":null,"medianMinutesToMerge":null,
			"suggestions":7,"appliedSuggestions":5,` + noMore + `}}`,
		},
		{"comment types without rows", `"pull_requests":{"copilot_suggestions_by_comment_type":[]}`, `{"pullRequests":{"created":null,"reviewed":null,
			"merged":null,"createdByCopilot":null,"reviewedByCopilot":null,"suggestionsByCopilot":null,"suggestionsApplied":null,
			"medianMinutesToMerge":null,"suggestions":null,"appliedSuggestions":null,` + strings.Replace(noMore, `Type":null`, `Type":[]`, 1) + `}}`},
		{"people of the last days", `"weekly_active_users":0,"monthly_active_users":7`, `{"weeklyActiveUsers":0,"monthlyActiveUsers":7}`},
		{"only active reviewers", `"daily_active_copilot_code_review_users":2`, `{"codeReview":{"activeUsers":2,"passiveUsers":null}}`},
		{"no tool of a kind", `"totals_by_skill":[],"totals_by_mcp":null`, `{"tools":[]}`},
		{"a tool without name and count", `"totals_by_plugin":[{}]`, `{"tools":[{"kind":"plugin","name":"unknown","interactions":null}]}`},
		{"phases without numbers", `"totals_by_ai_adoption_phase":[{"phase":"No Cohort"},{"phase":"Phase 1","phase_number":1}]`, `{"adoption":[
			{"phase":"Phase 1","number":1,"engagedUsers":null,"people28Days":null},{"phase":"No Cohort","number":null,"engagedUsers":null,"people28Days":null}]}`},
		{"only people of the cloud agent", `"daily_active_copilot_cloud_agent_users":0`, `{"agents":{"vscode":null,"cloud":{"activeUsers":0},"app":null,"thirdParty":null}}`},
		{"agents without counts", `"totals_by_vscode_agent":{},"totals_by_copilot_app":{},"totals_by_3rd_party_agent":[{"agent_id":"7"}]`, `{"agents":{
			"vscode":{"activeUsers":null,"sessions":null,"messages":null},"cloud":null,"app":{"activeUsers":null,"sessions":null,"requests":null},
			"thirdParty":[{"name":"unknown","interactions":null,"sessions":null}]}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]any{
				"activeUsers": nil, "engagedUsers": nil, "completions": nil, "chat": nil, "cli": nil, "pullRequests": nil, "creditsUsed": nil,
				"weeklyActiveUsers": nil, "monthlyActiveUsers": nil, "codeReview": nil, "adoption": nil, "features": nil, "agents": nil, "tools": nil,
			}
			fromJSON(t, test.want, &want)
			got := map[string]any{}
			fromJSON(t, asJSON(t, mustRead(t, readUsage, record(test.fields))), &got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// featureJSON returns a row with only these fields.
func featureJSON(name, interactions, generated string) string {
	return `{"name":"` + name + `","interactions":` + interactions + `,"generated":` + generated + `,"accepted":null,"linesAdded":null,"linesDeleted":null}`
}

func TestWithoutAPerUserReportEngagedPeopleAreUnknown(t *testing.T) {
	usage := mustRead(t, readUsage, record(`"daily_active_users":4`))
	if day := metrics.ReadDay(date, usage, nil, readAt); day.EngagedUsers != nil || day.CreditsUsed != nil || *day.ActiveUsers != 4 {
		t.Errorf("without a per-user report engaged people and credits must be unknown: %s", asJSON(t, day))
	}
	users := mustRead(t, readRoster, userRow(1, `"user_initiated_interaction_count":0`)).Totals()
	if day := metrics.ReadDay(date, usage, &users, readAt); *day.EngagedUsers != 0 || day.CreditsUsed != nil {
		t.Errorf("with an empty per-user report nobody is engaged, and credits are unknown: %s", asJSON(t, day))
	}
	if usage.EngagedUsers != nil {
		t.Error("ReadDay has changed the usage given to it")
	}
}

func TestAnUnreadDayHasNoNumbers(t *testing.T) {
	const want = `{"date":"2026-11-18","state":"pending","revision":0,"fetchedAt":null,"people":null,"activeUsers":null,"engagedUsers":null,
		"completions":null,"chat":null,"cli":null,"pullRequests":null,"creditsUsed":null,
		"weeklyActiveUsers":null,"monthlyActiveUsers":null,"codeReview":null,"adoption":null,"features":null,"agents":null,"tools":null}`
	var wanted, got any
	fromJSON(t, want, &wanted)
	fromJSON(t, asJSON(t, metrics.UnreadDay(date, metrics.Pending)), &got)
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheTimeOfReadingIsShownInUTC(t *testing.T) {
	at := readAt.In(time.FixedZone("east", 9*3600))
	day := metrics.ReadDay(date, &metrics.Usage{}, nil, at)
	if got := asJSON(t, day.FetchedAt); got != `"2026-11-22T06:00:00Z"` {
		t.Errorf("the time of reading is %s", got)
	}
}

func fromJSON(t rapid.TB, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
