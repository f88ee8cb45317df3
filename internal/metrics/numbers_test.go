package metrics_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func count(n int64) *int64 { return &n }

func row(name string, suggested, accepted int64) metrics.CompletionRow {
	return metrics.CompletionRow{Name: name, Suggested: &suggested, Accepted: &accepted}
}

func chatRow(name string, interactions int64) metrics.ChatRow {
	return metrics.ChatRow{Name: name, Interactions: &interactions}
}

func featureRow(name string, interactions, generated, accepted, added, deleted int64) feature.Row {
	return feature.Row{Name: name, Interactions: &interactions, Generated: &generated, Accepted: &accepted, LinesAdded: &added, LinesDeleted: &deleted}
}

func TestTheNumbersOfABusyDay(t *testing.T) {
	got := readDay(t, "busy")
	want := metrics.Day{
		Date: date, State: metrics.Provisional, Revision: 1, FetchedAt: &readAt,
		Usage: metrics.Usage{
			ActiveUsers:  count(5),
			EngagedUsers: count(3),
			Completions: &metrics.Completions{
				Suggested: count(640), Accepted: count(214), AcceptanceRate: new(0.3344), LinesSuggested: count(1180), LinesAccepted: count(402),
				ByEditor: metrics.Breakdown{Basis: metrics.BasisAllFeatures, Rows: []metrics.CompletionRow{
					row("vscode", 1090, 240), row("intellij", 260, 21), row("visualstudio", 260, 8), row("unknown", 3, 0),
				}},
				ByLanguage: metrics.Breakdown{Basis: metrics.BasisCompletions, Rows: []metrics.CompletionRow{
					row("go", 300, 120), row("typescript", 200, 60), row("ts", 90, 24), row("unknown", 50, 10),
				}},
				ByModel: metrics.Breakdown{Basis: metrics.BasisNotReported, Rows: []metrics.CompletionRow{}},
			},
			Chat: &metrics.Chat{
				Interactions: count(180 + 240 + 12 + 3 + 41),
				ByMode: []metrics.ChatRow{
					chatRow("agent", 240), chatRow("ask", 180), chatRow("inline", 41), chatRow("plan", 12), chatRow("unknown", 3),
				},
				ByModel: []metrics.ChatRow{
					chatRow("gpt-5.1", 100+150), chatRow("claude-haiku-4.5", 80+12), chatRow("auto", 90), chatRow("others", 41), chatRow("unknown", 3),
				},
			},
			CLI: &metrics.CLI{ActiveUsers: count(2), Sessions: count(31), Requests: count(166), PromptTokens: count(812_044), OutputTokens: count(40_377)},
			PullRequests: &metrics.PullRequests{
				Created: count(17), Reviewed: count(15), Merged: count(11), CreatedByCopilot: count(4), ReviewedByCopilot: count(9),
				SuggestionsByCopilot: count(21), SuggestionsApplied: count(8), MedianMinutesToMerge: new(312.4),
				MergedCreatedByCopilot: count(2), MergedReviewedByCopilot: count(6), Suggestions: count(30), AppliedSuggestions: count(12),
				MedianMinutesToMergeCopilotAuthored: new(95.2),
				SuggestionsByCommentType:            []feature.CommentType{{CommentType: "bug_risk", Suggestions: count(5), Applied: count(2)}},
			},
			CreditsUsed:       new(metrics.Credits(4_000_000)),
			WeeklyActiveUsers: count(9), MonthlyActiveUsers: count(14),
			CodeReview: &feature.CodeReview{ActiveUsers: count(1), PassiveUsers: count(3)},
			Adoption:   []feature.Phase{{Phase: "Phase 1", Number: count(1), EngagedUsers: count(3)}},
			Features: []feature.Row{
				featureRow("chat_panel_agent_mode", 240, 310, 0, 77, 0), featureRow("chat_panel_ask_mode", 180, 95, 22, 160, 4),
				featureRow("copilot_cli", 66, 0, 0, 0, 0), featureRow("chat_inline", 41, 60, 33, 133, 20),
				featureRow("chat_panel_plan_mode", 12, 0, 0, 0, 0), featureRow("others", 9, 0, 0, 0, 0),
				featureRow("chat_panel_unknown_mode", 3, 0, 0, 0, 0), featureRow("code_completion", 0, 640, 214, 402, 0),
				featureRow("agent_edit", 0, 512, 0, 3911, 1204),
			},
			Agents: &feature.Agents{App: &feature.App{ActiveUsers: count(0), Sessions: count(2), Requests: count(5)}},
			Tools:  []feature.Tool{{Kind: feature.MCP, Name: "issue-tracker", Interactions: count(6)}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestThePeopleOfABusyDay(t *testing.T) {
	people := mustRead(t, readRoster, parts(t, "busy.users*")...).People(date)
	if people.Active() != 5 || people.Engaged() != 3 {
		t.Errorf("%d people, %d engaged", people.Active(), people.Engaged())
	}
	for id, want := range map[int64]bool{4101: true, 4102: true, 4105: true, 4106: false, 0: false} {
		if day, ok := people.LastActive(id); ok != want || ok && day != date {
			t.Errorf("person %d was last active on %s, %v", id, day, ok)
		}
	}
}

func TestTheAcceptanceRateHasFourDecimals(t *testing.T) {
	for _, test := range []struct{ suggested, accepted, want string }{
		{"3", "1", "0.3333"},
		{"3", "2", "0.6667"},
		{"8", "1", "0.125"},
		{"1", "1", "1"},
		{"7", "0", "0"},
		{"5400", "1620", "0.3"},
		{"100000", "3", "0"},
		{"20000", "1", "0.0001"},
		{"1000000000000", "999999999999", "1"},
		{"2", "3", "1.5"},
		{"0", "0", "null"},
		{"0", "4", "null"},
		{"null", "4", "null"},
		{"4", "null", "null"},
	} {
		usage := mustRead(t, readUsage, record(`"totals_by_feature":[{"feature":"code_completion",
			"code_generation_activity_count":`+test.suggested+`,"code_acceptance_activity_count":`+test.accepted+`}]`))
		if got := asJSON(t, usage.Completions.AcceptanceRate); got != test.want {
			t.Errorf("%s of %s: %s, want %s", test.accepted, test.suggested, got, test.want)
		}
	}
}

func TestCreditsAddUpWithoutRounding(t *testing.T) {
	for _, test := range []struct {
		credits []string
		want    string
	}{
		{[]string{"0.1", "0.2"}, "0.3"},
		{[]string{"0.000001", "0.000001", "1e-6"}, "0.000003"},
		{[]string{"12.345678", "0"}, "12.345678"},
		{[]string{"0", "0"}, "0"},
		{[]string{"-0.0", "null"}, "0"},
		{[]string{"null", "null"}, "null"},
		{[]string{"null", "1000000"}, "1000000"},
	} {
		var rows []byte
		for i, credits := range test.credits {
			rows = append(rows, userRow(int64(i+1), `"ai_credits_used":`+credits)...)
		}
		if got := asJSON(t, mustRead(t, readRoster, rows).Totals().Credits); got != test.want {
			t.Errorf("%v add up to %s, want %s", test.credits, got, test.want)
		}
	}
}

func TestCreditsThatAreNoNumberAreRefused(t *testing.T) {
	var credits metrics.Credits
	for _, text := range []string{`"1"`, `{}`, `1e400`, `true`} {
		if err := json.Unmarshal([]byte(text), &credits); err == nil {
			t.Errorf("%s is read as %v credits, want an error", text, credits.Float())
		}
	}
}
