package metrics_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func read(d metrics.Day) bool { return d.State == metrics.Final || d.State == metrics.Provisional }

// countsOf returns all counts that a range adds up, by name. A block that is missing has none.
func countsOf(u *metrics.Usage) map[string]*int64 {
	told := map[string]*int64{}
	if c := u.Completions; c != nil {
		told["suggested"], told["accepted"], told["linesSuggested"], told["linesAccepted"] = c.Suggested, c.Accepted, c.LinesSuggested, c.LinesAccepted
	}
	if c := u.Chat; c != nil {
		told["interactions"] = c.Interactions
	}
	if c := u.CLI; c != nil {
		told["sessions"], told["requests"], told["promptTokens"], told["outputTokens"] = c.Sessions, c.Requests, c.PromptTokens, c.OutputTokens
	}
	if p := u.PullRequests; p != nil {
		told["created"], told["reviewed"], told["merged"] = p.Created, p.Reviewed, p.Merged
		told["byCopilot"], told["reviewedByIt"] = p.CreatedByCopilot, p.ReviewedByCopilot
		told["suggestions"], told["applied"] = p.SuggestionsByCopilot, p.SuggestionsApplied
	}
	return told
}

func orNone[T any](block *T) T {
	if block == nil {
		block = new(T)
	}
	return *block
}

// total adds up in a simple way: the sum of nothing is 0, and an unknown part makes the sum unknown.
func total(parts []*int64) *int64 {
	var sum int64
	for _, n := range parts {
		if n == nil {
			return nil
		}
		sum += *n
	}
	return &sum
}

func TestTheCountsOfARangeAreTheSumsOfItsDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := days.Draw(t, "days")
		totals := metrics.Sum(days, nil)
		parts, want, withData := map[string][]*int64{}, map[string]*int64{}, 0
		for i := range days {
			if !read(days[i]) {
				continue
			}
			withData++
			for name, n := range countsOf(&days[i].Usage) {
				parts[name] = append(parts[name], n)
				want[name] = total(parts[name])
			}
		}
		if diff := cmp.Diff(want, countsOf(&totals.Usage)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
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
			suggested, accepted := map[string][]*int64{}, map[string][]*int64{}
			for i := range days {
				for _, r := range of(&days[i].Usage) {
					suggested[r.Name], accepted[r.Name] = append(suggested[r.Name], r.Suggested), append(accepted[r.Name], r.Accepted)
				}
			}
			want, got := map[string]metrics.CompletionRow{}, map[string]metrics.CompletionRow{}
			for name := range suggested {
				want[name] = metrics.CompletionRow{Name: name, Suggested: total(suggested[name]), Accepted: total(accepted[name])}
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
