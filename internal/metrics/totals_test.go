package metrics_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func read(d metrics.Day) bool { return d.State == metrics.Final || d.State == metrics.Provisional }

// summed names every count that a range adds up. A block that is not there has none.
var summed = map[string]func(*metrics.Usage) *int64{
	"suggested":      func(u *metrics.Usage) *int64 { return orNone(u.Completions).Suggested },
	"accepted":       func(u *metrics.Usage) *int64 { return orNone(u.Completions).Accepted },
	"linesSuggested": func(u *metrics.Usage) *int64 { return orNone(u.Completions).LinesSuggested },
	"linesAccepted":  func(u *metrics.Usage) *int64 { return orNone(u.Completions).LinesAccepted },
	"interactions":   func(u *metrics.Usage) *int64 { return orNone(u.Chat).Interactions },
	"sessions":       func(u *metrics.Usage) *int64 { return orNone(u.CLI).Sessions },
	"requests":       func(u *metrics.Usage) *int64 { return orNone(u.CLI).Requests },
	"promptTokens":   func(u *metrics.Usage) *int64 { return orNone(u.CLI).PromptTokens },
	"outputTokens":   func(u *metrics.Usage) *int64 { return orNone(u.CLI).OutputTokens },
	"created":        func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).Created },
	"reviewed":       func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).Reviewed },
	"merged":         func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).Merged },
	"byCopilot":      func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).CreatedByCopilot },
	"reviewedByIt":   func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).ReviewedByCopilot },
	"suggestions":    func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).SuggestionsByCopilot },
	"applied":        func(u *metrics.Usage) *int64 { return orNone(u.PullRequests).SuggestionsApplied },
}

func orNone[T any](block *T) T {
	if block == nil {
		block = new(T)
	}
	return *block
}

// plus adds what is known, the slow way.
func plus(sum, n *int64) *int64 {
	if n == nil {
		return sum
	}
	return new(orNone(sum) + *n)
}

func TestTheCountsOfARangeAreTheSumsOfItsDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := days.Draw(t, "days")
		totals := metrics.Sum(days, nil)
		withData := 0
		for name, of := range summed {
			var want *int64
			withData = 0
			for i := range days {
				if read(days[i]) {
					withData++
					want = plus(want, of(&days[i].Usage))
				}
			}
			if diff := cmp.Diff(want, of(&totals.Usage)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if totals.DaysWithData != withData {
			t.Errorf("%d days with data, want %d", totals.DaysWithData, withData)
		}
	})
}

func TestTheBreakdownsOfARangeAreMergedByName(t *testing.T) {
	splits := map[string]func(*metrics.Usage) []metrics.CompletionRow{
		"editors":     func(u *metrics.Usage) []metrics.CompletionRow { return orNone(u.Completions).ByEditor.Rows },
		"languages":   func(u *metrics.Usage) []metrics.CompletionRow { return orNone(u.Completions).ByLanguage.Rows },
		"models":      func(u *metrics.Usage) []metrics.CompletionRow { return orNone(u.Completions).ByModel.Rows },
		"chat modes":  func(u *metrics.Usage) []metrics.CompletionRow { return asCompletions(orNone(u.Chat).ByMode) },
		"chat models": func(u *metrics.Usage) []metrics.CompletionRow { return asCompletions(orNone(u.Chat).ByModel) },
	}
	rapid.Check(t, func(t *rapid.T) {
		days := days.Draw(t, "days")
		totals := metrics.Sum(days, nil)
		for name, of := range splits {
			want, got := map[string]metrics.CompletionRow{}, map[string]metrics.CompletionRow{}
			for i := range days {
				for _, r := range of(&days[i].Usage) {
					want[r.Name] = metrics.CompletionRow{Name: r.Name, Suggested: plus(want[r.Name].Suggested, r.Suggested), Accepted: plus(want[r.Name].Accepted, r.Accepted)}
				}
			}
			last := int64(math.MaxInt64)
			for _, r := range of(&totals.Usage) {
				got[r.Name] = r
				if n := orNone(r.Suggested); n > last {
					t.Errorf("%s are not in order: %s", name, asJSON(t, of(&totals.Usage)))
				} else {
					last = n
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || len(got) != len(of(&totals.Usage)) {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func asCompletions(rows []metrics.ChatRow) (same []metrics.CompletionRow) {
	for _, r := range rows {
		same = append(same, metrics.CompletionRow{Name: r.Name, Suggested: r.Interactions})
	}
	return same
}
