package metrics_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestTheTotalsOfTwoDays(t *testing.T) {
	busy, wrapped := readDay(t, "busy"), readDay(t, "wrapped")
	wrapped.Date++
	people := mustRead(t, readRoster, parts(t, "busy.users*")...).People(date)
	people.Merge(mustRead(t, readRoster, parts(t, "wrapped.users*")...).People(date + 1))
	got := metrics.Sum([]metrics.Day{busy, metrics.UnreadDay(date+1, metrics.Missing), wrapped}, people.Count())
	want := metrics.Totals{DaysWithData: 2, People: &metrics.PeopleShort{Days: 1, PeopleRead: metrics.PeopleRead{Read: 2, Expected: 3}}, Usage: metrics.Usage{
		ActiveUsers: count(5 + 2), EngagedUsers: count(3 + 1), CreditsUsed: new(metrics.Credits(14_000_000)),
		Completions: &metrics.Completions{
			Suggested: count(649), Accepted: count(215), AcceptanceRate: new(0.3313), LinesSuggested: count(1200), LinesAccepted: count(404),
			ByEditor: metrics.Breakdown{Basis: metrics.BasisAllFeatures, Rows: []metrics.CompletionRow{
				{Name: "vscode", Suggested: count(1090 + 12)}, row("intellij", 260, 21), row("visualstudio", 260, 8), row("unknown", 3+2, 1),
			}},
			ByLanguage: busy.Completions.ByLanguage,
			ByModel:    wrapped.Completions.ByModel,
		},
		Chat: &metrics.Chat{
			ByMode: []metrics.ChatRow{
				chatRow("agent", 240), chatRow("ask", 180), chatRow("plan", 12), chatRow("unknown", 3), chatRow("custom", 2), {Name: "inline"},
			},
			ByModel: []metrics.ChatRow{
				chatRow("gpt-5.1", 250), chatRow("auto", 90+2), chatRow("claude-haiku-4.5", 92), chatRow("others", 41), chatRow("unknown", 3),
			},
		},
		CLI: &metrics.CLI{Sessions: count(31), Requests: count(166), PromptTokens: count(812_044), OutputTokens: count(40_377)},
		PullRequests: &metrics.PullRequests{
			Created: count(18), Reviewed: count(15), Merged: count(11), CreatedByCopilot: count(4), ReviewedByCopilot: count(10),
			SuggestionsByCommentType: busy.PullRequests.SuggestionsByCommentType,
		},
		Features: []feature.Row{
			featureRow("chat_panel_agent_mode", 240, 310, 0, 77, 0), featureRow("chat_panel_ask_mode", 180, 95, 22, 160, 4),
			featureRow("copilot_cli", 66, 0, 0, 0, 0), featureRow("chat_panel_plan_mode", 12, 0, 0, 0, 0), featureRow("others", 9, 0, 0, 0, 0),
			featureRow("chat_panel_unknown_mode", 3, 0, 0, 0, 0),
			{Name: "chat_panel_custom_mode", Interactions: count(2)},
			featureRow("code_completion", 0, 640+9, 214+1, 402+2, 0), featureRow("agent_edit", 0, 512+5, 0, 3911+60, 1204+9),
			{Name: "chat_inline"},
		},
		Agents: &feature.Agents{App: &feature.App{Sessions: count(2), Requests: count(5)}},
		Tools:  busy.Tools,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheTotalsOfARangeWithoutDataAreUnknown(t *testing.T) {
	people := mustRead(t, readRoster, userRow(1, `"ai_credits_used":1`)).People(date)
	for _, days := range [][]metrics.Day{nil, {metrics.UnreadDay(date, metrics.Pending), metrics.UnreadDay(date+1, metrics.Missing)}} {
		if diff := cmp.Diff(metrics.Totals{}, metrics.Sum(days, people.Count())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestTheCreditsOfARangeNeedEachOfItsDays(t *testing.T) {
	day := func(active *int64, credits *metrics.Credits) metrics.Day {
		return metrics.Day{State: metrics.Final, Usage: metrics.Usage{ActiveUsers: active, CreditsUsed: credits}}
	}
	known, quiet := day(count(3), new(metrics.Credits(5))), day(count(0), nil)
	for name, test := range map[string]struct {
		days []metrics.Day
		want *metrics.Credits
	}{
		"known on each day":                          {[]metrics.Day{known, known}, new(metrics.Credits(10))},
		"nobody active on one day":                   {[]metrics.Day{known, quiet}, new(metrics.Credits(5))},
		"nobody active":                              {[]metrics.Day{quiet}, nil},
		"unknown on one day":                         {[]metrics.Day{day(count(3), nil), known}, nil},
		"not even the number of active people known": {[]metrics.Day{known, day(nil, nil)}, nil},
		"one day not read":                           {[]metrics.Day{known, metrics.UnreadDay(date, metrics.Pending)}, new(metrics.Credits(5))},
	} {
		if diff := cmp.Diff(test.want, metrics.Sum(test.days, &metrics.Headcount{}).CreditsUsed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAQuietRangeHasEmptySplits(t *testing.T) {
	quiet, busy := readDay(t, "quiet"), readDay(t, "busy")
	if got := metrics.Sum([]metrics.Day{quiet, quiet}, nil).Completions.ByEditor.Basis; got != metrics.BasisAllFeatures {
		t.Errorf("two quiet days: %s", got)
	}
	if got := metrics.Sum([]metrics.Day{quiet, quiet}, nil).Completions.ByLanguage.Basis; got != metrics.BasisNotReported {
		t.Errorf("two quiet days without languages: %s", got)
	}
	busy.Completions.ByEditor = metrics.Breakdown{Basis: metrics.BasisNotReported, Rows: []metrics.CompletionRow{}}
	if got := metrics.Sum([]metrics.Day{quiet, busy}, nil).Completions.ByEditor.Basis; got != metrics.BasisNotReported {
		t.Errorf("a quiet day and a busy day without editors: %s", got)
	}
}

func TestNothingUnknownBecomesZeroInARange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := days.Draw(t, "days")
		totals := metrics.Sum(days, nil)
		var any metrics.Usage
		for _, d := range days {
			any.Completions, any.Chat = orElse(any.Completions, d.Completions), orElse(any.Chat, d.Chat)
			any.CLI, any.PullRequests = orElse(any.CLI, d.CLI), orElse(any.PullRequests, d.PullRequests)
		}
		if (totals.Completions == nil) != (any.Completions == nil) || (totals.Chat == nil) != (any.Chat == nil) ||
			(totals.CLI == nil) != (any.CLI == nil) || (totals.PullRequests == nil) != (any.PullRequests == nil) {
			t.Errorf("the range does not have the same blocks as its days: %s", asJSON(t, totals))
		}
		if totals.ActiveUsers != nil || totals.EngagedUsers != nil || totals.CreditsUsed != nil ||
			orNone(totals.CLI).ActiveUsers != nil || orNone(totals.PullRequests).MedianMinutesToMerge != nil ||
			totals.WeeklyActiveUsers != nil || totals.MonthlyActiveUsers != nil || totals.CodeReview != nil || totals.Adoption != nil {
			t.Errorf("people or medians were added up: %s", asJSON(t, totals))
		}
	})
}

func orElse[T any](block, other *T) *T {
	if block == nil {
		return other
	}
	return block
}

func TestTheTotalsOfPartsAddUpToThoseOfTheRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := days.Draw(t, "days")
		want := metrics.Sum(days, nil)
		if diff := cmp.Diff(want, metrics.Sum(rapid.Permutation(days).Draw(t, "shuffled"), nil)); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
		cut := rapid.IntRange(0, len(days)).Draw(t, "cut")
		var halves []metrics.Day
		for _, half := range []metrics.Totals{metrics.Sum(days[:cut], nil), metrics.Sum(days[cut:], nil)} {
			halves = append(halves, metrics.Day{State: metrics.Final, Usage: half.Usage})
		}
		if diff := cmp.Diff(want.Usage, metrics.Sum(halves, nil).Usage); diff != "" {
			t.Errorf("in halves (-want +got):\n%s", diff)
		}
	})
}

func TestADayIsReadUnchangedFromItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, day := range days.Draw(t, "days") {
			day.CreditsUsed = usages.Draw(t, "credits of").CreditsUsed
			var back metrics.Day
			if err := json.Unmarshal([]byte(asJSON(t, day)), &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(day, back); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	})
}
