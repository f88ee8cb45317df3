package metrics_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestWhatGitHubLeavesOutIsNullAndNeverZero(t *testing.T) {
	const (
		noSplit = `{"basis":"not_reported","rows":[]}`
		zeros   = `{"suggested":0,"accepted":0,"acceptanceRate":null,"linesSuggested":0,"linesAccepted":0,
			"byEditor":` + noSplit + `,"byLanguage":` + noSplit + `,"byModel":` + noSplit + `}`
		noChat = `{"interactions":0,"byMode":[],"byModel":null}`
	)
	for _, test := range []struct{ name, fields, want string }{
		{"nothing but the day", `"etl_id":"green"`, `{}`},
		{"null in place of everything", `"daily_active_users":null,"daily_active_cli_users":null,"totals_by_ide":null,"totals_by_feature":null,
			"totals_by_language_feature":null,"totals_by_model_feature":null,"totals_by_cli":null,"pull_requests":null`, `{}`},
		{"nobody active", `"daily_active_users":0`, `{"activeUsers":0}`},
		{"breakdowns without features", `"totals_by_ide":[{"ide":"vscode","code_generation_activity_count":3}],"totals_by_language_feature":[]`, `{}`},
		{"no features on a quiet day", `"totals_by_feature":[]`, `{"completions":` + zeros + `,"chat":` + noChat + `}`},
		{
			"features without completions and chat", `"totals_by_feature":[{"feature":"agent_edit","code_generation_activity_count":9}]`,
			`{"completions":` + zeros + `,"chat":` + noChat + `}`,
		},
		{
			"a completion row without counts", `"totals_by_feature":[{"feature":"code_completion"}]`,
			`{"completions":{"suggested":null,"accepted":null,"acceptanceRate":null,"linesSuggested":null,"linesAccepted":null,
			"byEditor":` + noSplit + `,"byLanguage":` + noSplit + `,"byModel":` + noSplit + `},"chat":` + noChat + `}`,
		},
		{
			"a completion row with some counts", `"totals_by_feature":[{"feature":"code_completion","code_generation_activity_count":4,"loc_added_sum":null}]`,
			`{"completions":{"suggested":4,"accepted":null,"acceptanceRate":null,"linesSuggested":null,"linesAccepted":null,
			"byEditor":` + noSplit + `,"byLanguage":` + noSplit + `,"byModel":` + noSplit + `},"chat":` + noChat + `}`,
		},
		{
			"splits that are empty, not absent", `"totals_by_feature":[],"totals_by_ide":[],"totals_by_language_feature":[],"totals_by_model_feature":[]`,
			`{"completions":{"suggested":0,"accepted":0,"acceptanceRate":null,"linesSuggested":0,"linesAccepted":0,
			"byEditor":{"basis":"all_features","rows":[]},"byLanguage":{"basis":"completions","rows":[]},"byModel":` + noSplit + `},
			"chat":{"interactions":0,"byMode":[],"byModel":[]}}`,
		},
		{
			"a chat row without a count", `"totals_by_feature":[{"feature":"chat_inline"}]`,
			`{"completions":` + zeros + `,"chat":{"interactions":null,"byMode":[{"name":"inline","interactions":null}],"byModel":null}}`,
		},
		{
			"a chat row without a count beside one with", `"totals_by_feature":[{"feature":"chat_inline"},{"feature":"chat_panel_ask_mode","user_initiated_interaction_count":0}]`,
			`{"completions":` + zeros + `,"chat":{"interactions":null,"byMode":[{"name":"ask","interactions":0},{"name":"inline","interactions":null}],"byModel":null}}`,
		},
		{
			"people on the command line alone", `"daily_active_cli_users":3`,
			`{"cli":{"activeUsers":3,"sessions":null,"requests":null,"promptTokens":null,"outputTokens":null}}`,
		},
		{
			"the command line without tokens", `"totals_by_cli":{"session_count":0,"request_count":2}`,
			`{"cli":{"activeUsers":null,"sessions":0,"requests":2,"promptTokens":null,"outputTokens":null}}`,
		},
		{"an empty pull request block", `"pull_requests":{}`, `{"pullRequests":{"created":null,"reviewed":null,"merged":null,"createdByCopilot":null,
			"reviewedByCopilot":null,"suggestionsByCopilot":null,"suggestionsApplied":null,"medianMinutesToMerge":null}}`},
		{
			"people's suggestions, not Copilot's", `"pull_requests":{"total_merged":0,"total_suggestions":7,"total_applied_suggestions":5}`,
			`{"pullRequests":{"created":null,"reviewed":null,"merged":0,"createdByCopilot":null,
			"reviewedByCopilot":null,"suggestionsByCopilot":null,"suggestionsApplied":null,"medianMinutesToMerge":null}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]any{
				"activeUsers": nil, "engagedUsers": nil, "completions": nil, "chat": nil, "cli": nil, "pullRequests": nil, "creditsUsed": nil,
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

func TestADayWithoutAPerUserReportDoesNotKnowWhoWasEngaged(t *testing.T) {
	usage := mustRead(t, readUsage, record(`"daily_active_users":4`))
	if day := metrics.ReadDay(date, usage, nil, readAt); day.EngagedUsers != nil || day.CreditsUsed != nil || *day.ActiveUsers != 4 {
		t.Errorf("%s", asJSON(t, day))
	}
	users := mustRead(t, readRoster, userRow(1, `"user_initiated_interaction_count":0`)).Totals()
	if day := metrics.ReadDay(date, usage, &users, readAt); *day.EngagedUsers != 0 || day.CreditsUsed != nil {
		t.Errorf("%s", asJSON(t, day))
	}
	if usage.EngagedUsers != nil {
		t.Error("the usage that was handed in has changed")
	}
}

func TestAnUnreadDayHasNoNumbers(t *testing.T) {
	const want = `{"date":"2026-11-18","state":"pending","revision":0,"fetchedAt":null,"people":null,"activeUsers":null,"engagedUsers":null,
		"completions":null,"chat":null,"cli":null,"pullRequests":null,"creditsUsed":null}`
	var wanted, got any
	fromJSON(t, want, &wanted)
	fromJSON(t, asJSON(t, metrics.UnreadDay(date, metrics.Pending)), &got)
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADayShowsWhenItWasReadInUTC(t *testing.T) {
	at := readAt.In(time.FixedZone("east", 9*3600))
	day := metrics.ReadDay(date, &metrics.Usage{}, nil, at)
	if got := asJSON(t, day.FetchedAt); got != `"2026-11-22T06:00:00Z"` {
		t.Errorf("it was read at %s", got)
	}
}

func fromJSON(t rapid.TB, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
