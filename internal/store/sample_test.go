package store_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// day is the day that most tests use. It is final if it is read now.
const day = today - 6

func diceOf(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // the same at each run
}

// people returns so many people, with ids and numbers as large as GitHub's. Each edition has other numbers.
func people(many int, edition string) *metrics.Roster {
	seed := fnv.New64()
	_, _ = seed.Write([]byte(edition))
	dice := diceOf(7, seed.Sum64())
	ids := diceOf(11, 13)
	roster, details := new(metrics.Roster), new(feature.Details)
	for i := range many {
		u := metrics.UserDay{
			UserID: 1 + ids.Int64N(200_000_000), Login: fmt.Sprintf("developer-%d", i), Engaged: true,
			Suggested: metrics.Count(dice.IntN(200)), LinesAccepted: metrics.Count(dice.IntN(300)), Interactions: metrics.Count(dice.IntN(60)),
			Credits: metrics.Credits(dice.IntN(30_000_000)),
		}
		u.Accepted = u.Suggested / 3
		details.Clear()
		for _, name := range []string{"code_completion", "chat_inline", "chat_panel_agent_mode", "agent_edit"} { // as many as most people use
			u.Features.Add([]byte(name), dice.Int64N(60))
			details.AddFeature([]byte(name), &[feature.FeatureFields]int64{0, dice.Int64N(90), dice.Int64N(40), dice.Int64N(300), dice.Int64N(50), dice.Int64N(200), dice.Int64N(40)})
		}
		for field := range uint8(5) { // some people use the command line
			details.Add(feature.Detail{Block: feature.OfCLI, Field: 7 + field, N: dice.Int64N(20_000)})
		}
		details.Add(feature.Detail{Block: feature.OfUsed, N: 21845})
		details.Add(feature.Detail{Block: feature.OfAdoption, Field: 13, N: 2})
		u.Details = details.Append(nil)
		if err := roster.Add(&u); err != nil {
			panic(err)
		}
	}
	return roster
}

// usageOf returns a day's aggregate with as many rows as an account of a few hundred people has.
func usageOf(active int64) *metrics.Usage {
	dice := diceOf(1, uint64(active)) //nolint:gosec // not negative
	n := func(most int64) *int64 { return new(dice.Int64N(most) + 1) }
	rows := func(basis metrics.Basis, names ...string) metrics.Breakdown {
		b := metrics.Breakdown{Basis: basis}
		for _, name := range names {
			b.Rows = append(b.Rows, metrics.CompletionRow{Name: name, Suggested: n(5000), Accepted: n(1500)})
		}
		return b
	}
	chat := func(names ...string) (list []metrics.ChatRow) {
		for _, name := range names {
			list = append(list, metrics.ChatRow{Name: name, Interactions: n(500)})
		}
		return list
	}
	return &metrics.Usage{
		ActiveUsers: &active,
		Completions: &metrics.Completions{
			Suggested: n(20000), Accepted: n(6000), AcceptanceRate: new(0.3012), LinesSuggested: n(40000), LinesAccepted: n(9000),
			ByEditor: rows(metrics.BasisAllFeatures, "vscode", "jetbrains", "visualstudio", "neovim", "xcode", "eclipse"),
			ByLanguage: rows(metrics.BasisCompletions, "typescript", "go", "python", "java", "csharp", "yaml", "json", "markdown", "terraform",
				"shell", "sql", "kotlin", "swift", "rust", "css", "html", "others", "unknown"),
			ByModel: rows(metrics.BasisCompletions, "gpt-4.1", "gpt-5-mini", "auto"),
		},
		Chat: &metrics.Chat{
			Interactions: n(4000), ByMode: chat("ask", "agent", "edit", "inline", "plan", "custom"),
			ByModel: chat("gpt-5", "claude-sonnet-4.5", "gpt-4.1", "gemini-2.5-pro", "auto"),
		},
		CLI: &metrics.CLI{ActiveUsers: n(50), Sessions: n(200), Requests: n(900), PromptTokens: n(9_000_000), OutputTokens: n(500_000)},
		PullRequests: &metrics.PullRequests{
			Created: n(200), Reviewed: n(200), Merged: n(200), CreatedByCopilot: n(20), ReviewedByCopilot: n(200), SuggestionsByCopilot: n(300),
			SuggestionsApplied: n(90), MedianMinutesToMerge: new(310.5),
		},
	}
}

// edition is the content of GitHub's reports about a day at one time.
type edition struct {
	name   string
	people int
}

func (e edition) reading(at time.Time) (ledger.Reading, *ledger.PackedPeople) {
	r := ledger.Reading{Usage: usageOf(int64(e.people)), At: at}
	if e.people == 0 {
		return r, nil
	}
	known, _ := editions.LoadOrStore(e, sync.OnceValue(e.crowd))
	c := known.(func() crowd)()
	r.Totals, r.Users = new(c.totals), new(c.users)
	return r, new(c.pages)
}

// crowd is what an edition tells of its people.
type crowd struct {
	totals metrics.UserTotals
	users  ledger.Users
	pages  ledger.PackedPeople
}

// editions are computed once: edition → func() crowd.
var editions sync.Map

func (e edition) crowd() crowd {
	roster := people(e.people, e.name)
	c := crowd{totals: roster.Totals(), pages: ledger.PackedPeople{People: roster.People(0).Bytes()}}
	c.pages.Pages, c.pages.Details = roster.Pages()
	c.users = ledger.Users{Hash: roster.ContentHash(), Pages: len(c.pages.Pages), People: c.totals.Active}
	return c
}

// poll stores a day as a run does.
func poll(ctx context.Context, s *store.Store, ref connector.Ref, date calendar.Date, e edition) error {
	before, err := s.Day(ctx, ref, date)
	if err != nil {
		return err
	}
	reading, roster := e.reading(s.Now().UTC().Truncate(time.Second))
	after, news := ledger.Revise(before, date, reading)
	switch {
	case !news:
		return nil
	case after.Settled && before != nil:
		return s.Settle(ctx, ref, after)
	case before != nil && before.Users != nil && after.Users != nil && before.Users.Hash == after.Users.Hash:
		return s.Commit(ctx, ref, after, nil)
	}
	return s.Commit(ctx, ref, after, roster)
}

func (w *world) poll(t testing.TB, ref connector.Ref, date calendar.Date, e edition) {
	t.Helper()
	if err := poll(t.Context(), w.Store, ref, date, e); err != nil {
		t.Fatal(err)
	}
}
