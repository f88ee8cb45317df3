package metrics_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

var (
	counts = rapid.Ptr(rapid.Int64Range(0, 1_000_000), true)
	names  = rapid.SampledFrom([]string{"unknown", "others", "auto", "go", "ts", "typescript", "C++", "日本語", `quo"te`})
)

// row64 is a person's row of a report with the fields that are read. nil means left out or null.
type row64 struct {
	ID                                int64
	Login                             string
	Interactions, Generated, Accepted *int64
	Millicredits                      *int64
	Features                          []feature64
}

type feature64 struct {
	Name                                          string
	Interactions, Generated, Accepted, LinesAdded *int64
}

const lastID = 40

var userRows = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row64 {
	few := rapid.Ptr(rapid.Int64Range(0, 2), true)
	features := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) feature64 {
		return feature64{
			rapid.SampledFrom([]string{"code_completion", "chat_inline", "chat_panel_ask_mode", "agent_edit", ""}).Draw(t, "feature"),
			few.Draw(t, "interactions"), few.Draw(t, "generated"), few.Draw(t, "accepted"), few.Draw(t, "lines added"),
		}
	}), 0, 4)
	r := row64{
		ID:           rapid.Int64Range(1, lastID).Draw(t, "id"),
		Login:        rapid.SampledFrom([]string{"", "ada-k", `"o\\`, "日本語", "\u2028"}).Draw(t, "login"),
		Interactions: few.Draw(t, "interactions"), Generated: few.Draw(t, "generated"), Accepted: few.Draw(t, "accepted"),
		Millicredits: rapid.Ptr(rapid.Int64Range(0, 50_000), true).Draw(t, "millicredits"),
	}
	if rapid.Bool().Draw(t, "with features") {
		r.Features = features.Draw(t, "features")
	}
	return r
}), 0, 30)

// text writes the row for a day. Odd ids are written as strings.
func (r row64) text(day calendar.Date) []byte {
	row := map[string]any{"user_id": r.ID, "user_login": r.Login, "day": day}
	if r.ID%2 == 1 {
		row["user_id"] = strconv.FormatInt(r.ID, 10)
	}
	if r.Millicredits != nil {
		row["ai_credits_used"] = json.RawMessage(fmt.Sprintf("%d.%03d", *r.Millicredits/1000, *r.Millicredits%1000))
	}
	row["user_initiated_interaction_count"], row["code_generation_activity_count"], row["code_acceptance_activity_count"] = r.Interactions, r.Generated, r.Accepted
	if r.Features != nil {
		features := []any{}
		for _, f := range r.Features {
			features = append(features, map[string]any{
				"feature": f.Name, "user_initiated_interaction_count": f.Interactions, "code_generation_activity_count": f.Generated,
				"code_acceptance_activity_count": f.Accepted, "loc_added_sum": f.LinesAdded, "language": "go",
			})
		}
		row["totals_by_feature"] = features
	}
	text, err := json.Marshal(row)
	if err != nil {
		panic(err)
	}
	return append(text, '\n')
}

func (r row64) engaged() bool {
	return orNone(r.Interactions) > 0 || orNone(r.Generated) > 0 || orNone(r.Accepted) > 0
}

// userDay returns what the row tells, computed in a simple way.
func (r row64) userDay() metrics.UserDay {
	u := metrics.UserDay{UserID: r.ID, Login: r.Login, Engaged: r.engaged(), Credits: metrics.Untold}
	if r.Millicredits != nil {
		u.Credits = metrics.Credits(*r.Millicredits * 1000)
	}
	sum := func(prefix string, of func(feature64) *int64) metrics.Count {
		if r.Features == nil {
			return metrics.Untold
		}
		var parts []*int64
		for _, f := range r.Features {
			if strings.HasPrefix(f.Name, prefix) {
				parts = append(parts, of(f))
			}
		}
		if sum := total(parts); sum != nil {
			return metrics.Count(*sum)
		}
		return metrics.Untold
	}
	u.Suggested = sum("code_completion", func(f feature64) *int64 { return f.Generated })
	u.Accepted = sum("code_completion", func(f feature64) *int64 { return f.Accepted })
	u.LinesAccepted = sum("code_completion", func(f feature64) *int64 { return f.LinesAdded })
	u.Interactions = sum("chat_", func(f feature64) *int64 { return f.Interactions })
	uses := map[string][]*int64{}
	for _, f := range r.Features {
		uses[f.Name] = append(uses[f.Name], f.Interactions)
	}
	if r.Features != nil {
		u.Features.Reported()
	}
	for name, parts := range uses {
		n := int64(metrics.Untold)
		if sum := total(parts); sum != nil {
			n = *sum
		}
		u.Features.Add([]byte(name), n)
	}
	return u
}

func ndjson(day calendar.Date, rows []row64) (text []byte) {
	for _, r := range rows {
		text = append(text, r.text(day)...)
	}
	return text
}

// usages draws days as they may be stored. Every optional field may be left out.
var usages = rapid.Custom(func(t *rapid.T) metrics.Usage {
	n := func(name string) *int64 { return counts.Draw(t, name) }
	some := func(name string) bool { return rapid.Bool().Draw(t, "some "+name) }
	u := metrics.Usage{ActiveUsers: n("active"), EngagedUsers: n("engaged")}
	if credits := n("credits"); credits != nil {
		u.CreditsUsed = new(metrics.Credits(*credits))
	}
	if some("completions") {
		u.Completions = &metrics.Completions{
			Suggested: n("suggested"), Accepted: n("accepted"), LinesSuggested: n("lines suggested"), LinesAccepted: n("lines accepted"),
			ByEditor:   breakdown(t, metrics.BasisAllFeatures),
			ByLanguage: breakdown(t, metrics.BasisCompletions),
			ByModel:    breakdown(t, metrics.BasisCompletions),
		}
		if some("rate") {
			u.Completions.AcceptanceRate = new(float64(rapid.IntRange(0, 10_000).Draw(t, "rate")) / 10_000)
		}
	}
	if some("chat") {
		u.Chat = &metrics.Chat{Interactions: n("interactions"), ByMode: chatBreakdown(t)}
		if some("chat models") {
			u.Chat.ByModel = chatBreakdown(t)
		}
	}
	if some("cli") {
		u.CLI = &metrics.CLI{ActiveUsers: n("cli users"), Sessions: n("sessions"), Requests: n("requests"), PromptTokens: n("prompt"), OutputTokens: n("output")}
	}
	if some("pull requests") {
		u.PullRequests = &metrics.PullRequests{
			Created: n("created"), Reviewed: n("reviewed"), Merged: n("merged"), CreatedByCopilot: n("by copilot"), ReviewedByCopilot: n("reviewed by copilot"),
			SuggestionsByCopilot: n("suggestions"), SuggestionsApplied: n("applied"),
			MedianMinutesToMerge: rapid.Ptr(rapid.Float64Range(0, 1e6), true).Draw(t, "median"),
			Suggestions:          n("everybody's suggestions"), AppliedSuggestions: n("everybody's applied"), MergedCreatedByCopilot: n("merged"),
			SuggestionsByCommentType: someRows(t, func(name string) feature.CommentType {
				return feature.CommentType{CommentType: name, Suggestions: n("of the type"), Applied: n("applied")}
			}),
		}
	}
	u.WeeklyActiveUsers, u.MonthlyActiveUsers = n("weekly"), n("monthly")
	if some("code review") {
		u.CodeReview = &feature.CodeReview{ActiveUsers: n("reviewers"), PassiveUsers: n("reviewed")}
	}
	u.Features = someRows(t, func(name string) feature.Row {
		return feature.Row{Name: name, Interactions: n("interactions"), Generated: n("generated"), LinesDeleted: n("deleted")}
	})
	u.Tools = someRows(t, func(name string) feature.Tool {
		return feature.Tool{Kind: rapid.SampledFrom([]feature.ToolKind{feature.MCP, feature.Skill}).Draw(t, "kind"), Name: name, Interactions: n("uses")}
	})
	if some("agents") {
		u.Agents = &feature.Agents{ThirdParty: someRows(t, func(name string) feature.ThirdPartyAgent {
			return feature.ThirdPartyAgent{Name: name, Interactions: n("interactions"), Sessions: n("sessions")}
		})}
		if some("vscode") {
			u.Agents.VSCode = &feature.VSCodeAgent{ActiveUsers: n("people"), Sessions: n("sessions"), Messages: n("messages")}
		}
		if some("cloud") {
			u.Agents.Cloud = &feature.CloudAgent{ActiveUsers: n("people")}
		}
		if some("app") {
			u.Agents.App = &feature.App{ActiveUsers: n("people"), Sessions: n("sessions"), Requests: n("requests")}
		}
	}
	return u
})

// someRows draws rows of different names, or nil for rows that were not reported.
func someRows[R any](t *rapid.T, row func(name string) R) []R {
	if !rapid.Bool().Draw(t, "reported") {
		return nil
	}
	rows := []R{}
	for _, name := range rapid.SliceOfNDistinct(names, 0, 4, rapid.ID).Draw(t, "names") {
		rows = append(rows, row(name))
	}
	return rows
}

func breakdown(t *rapid.T, basis metrics.Basis) metrics.Breakdown {
	rows := []metrics.CompletionRow{}
	for _, name := range rapid.SliceOfNDistinct(names, 0, 4, rapid.ID).Draw(t, "names") {
		rows = append(rows, metrics.CompletionRow{Name: name, Suggested: counts.Draw(t, "suggested"), Accepted: counts.Draw(t, "accepted")})
	}
	if len(rows) == 0 && rapid.Bool().Draw(t, "not reported") {
		basis = metrics.BasisNotReported
	}
	return metrics.Breakdown{Basis: basis, Rows: rows}
}

func chatBreakdown(t *rapid.T) []metrics.ChatRow {
	rows := []metrics.ChatRow{}
	for _, name := range rapid.SliceOfNDistinct(names, 0, 4, rapid.ID).Draw(t, "names") {
		rows = append(rows, metrics.ChatRow{Name: name, Interactions: counts.Draw(t, "interactions")})
	}
	return rows
}

// days draws consecutive days from date on. Unread days have no numbers.
var days = rapid.Custom(func(t *rapid.T) (days []metrics.Day) {
	for i := range rapid.IntRange(0, 6).Draw(t, "days") {
		d := date + calendar.Date(i)
		if state := rapid.SampledFrom([]metrics.State{metrics.Pending, metrics.Missing, metrics.Final, metrics.Provisional}).Draw(t, "state"); state == metrics.Pending || state == metrics.Missing {
			days = append(days, metrics.UnreadDay(d, state))
			continue
		}
		day := metrics.ReadDay(d, new(usages.Draw(t, "usage")), nil, d.Close().Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours"))*time.Hour))
		day.EngagedUsers, day.CreditsUsed = counts.Draw(t, "engaged"), nil
		days = append(days, day)
	}
	return days
})
