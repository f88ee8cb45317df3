package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// aggregate returns the text of a day's report. It draws from few numbers, so that readings are often equal.
func aggregate(t *rapid.T) string {
	few := func(name string) int { return rapid.IntRange(0, 2).Draw(t, name) }
	feature := func(name string) string {
		return fmt.Sprintf(`{"feature":%q,"user_initiated_interaction_count":%d,"code_generation_activity_count":%d,"code_acceptance_activity_count":%d,`+
			`"loc_suggested_to_add_sum":7,"loc_added_sum":3}`, name, few("interactions"), few("generated"), few("accepted"))
	}
	fields := []string{
		fmt.Sprintf(`"day":%q`, date), fmt.Sprintf(`"daily_active_users":%d`, few("active")),
		fmt.Sprintf(`"totals_by_feature":[%s,%s]`, feature("code_completion"), feature("chat_panel_ask_mode")),
	}
	if rapid.Bool().Draw(t, "languages") {
		fields = append(fields, fmt.Sprintf(`"totals_by_language_feature":[{"language":"<%c&\u2028","feature":"code_completion","code_generation_activity_count":%d}]`,
			rapid.SampledFrom([]rune("gé日")).Draw(t, "language"), few("generated")))
	}
	if rapid.Bool().Draw(t, "pull requests") {
		fields = append(fields, fmt.Sprintf(`"pull_requests":{"total_created":%d,"median_minutes_to_merge":%v}`, few("created"),
			rapid.SampledFrom([]float64{0.1, 1.0 / 3, 310.5, 1e-7, 123456.789}).Draw(t, "median")))
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func usageOf(t *rapid.T, text string) *metrics.Usage {
	reader := metrics.NewAggregateReader(date, metrics.Owner{})
	if err := reader.ReadPart(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	usage, err := reader.Usage()
	if err != nil {
		t.Fatal(err)
	}
	return usage
}

// drawReading draws any reading that GitHub's reports can give.
func drawReading(t *rapid.T, at time.Time) ledger.Reading {
	r := ledger.Reading{Usage: usageOf(t, aggregate(t)), At: at}
	if hash := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "hash"); hash != "" {
		r.Users = &ledger.Users{Hash: hash, Pages: 2, People: 2}
		r.Totals = &metrics.UserTotals{Active: 2, Engaged: 1, Credits: map[string]*metrics.Credits{"a": nil, "b": new(metrics.Credits(1_234_567))}[hash]}
	}
	return r
}

// TestADayIsTheLastReadingOfEachPart compares the day, as read from the store, with GitHub's last reports.
func TestADayIsTheLastReadingOfEachPart(t *testing.T) {
	now := early
	s := testworld.Store(t, t.TempDir(), func() time.Time { return now })
	rapid.Check(t, func(t *rapid.T) {
		now = early
		ref, ctx := connector.Ref{Tenant: "acme", ID: connector.NewID()}, context.Background()
		var users *ledger.Users
		var totals *metrics.UserTotals
		var earlier ledger.Day
		for range rapid.IntRange(1, 8).Draw(t, "readings") {
			now = now.Add(time.Duration(rapid.IntRange(0, 36).Draw(t, "hours")) * time.Hour)
			r := drawReading(t, now)
			if r.Users != nil || *r.Usage.ActiveUsers == 0 {
				users, totals = r.Users, r.Totals
			}
			before, err := s.Day(ctx, ref, date)
			if err != nil {
				t.Fatal(err)
			}
			after, news := ledger.Revise(before, date, r)
			if news {
				if err := s.Commit(ctx, ref, after, nil); err != nil {
					t.Fatal(err)
				}
			}
			stored, err := s.Day(ctx, ref, date)
			if err != nil {
				t.Fatal(err)
			}

			want := *r.Usage
			switch {
			case totals != nil:
				want.EngagedUsers, want.CreditsUsed = &totals.Engaged, totals.Credits
			case *want.ActiveUsers == 0:
				want.EngagedUsers = new(int64)
			}
			if diff := cmp.Diff(want, stored.Usage); diff != "" {
				t.Fatalf("the numbers (-read +stored):\n%s", diff)
			}
			if diff := cmp.Diff(users, stored.Users); diff != "" {
				t.Fatalf("the per-user report (-read +stored):\n%s", diff)
			}
			if stored.State != metrics.StateRead(date, now) {
				t.Fatalf("the day is %s", stored.State)
			}
			if stored.Revision < earlier.Revision || stored.Revision > earlier.Revision+1 || len(stored.Changes) >= stored.Revision {
				t.Fatalf("revision %d with %d changes after %d", stored.Revision, len(stored.Changes), earlier.Revision)
			}
			if stored.Settled && (stored.State != metrics.Final || !stored.PeopleKnown() && stored.LooksForPeople < ledger.MaxLooksForPeople) {
				t.Fatalf("the day is settled: %+v", stored)
			}
			earlier = *stored

			if again, news := ledger.Revise(stored, date, r); news && !again.Settled && again.LooksForPeople == stored.LooksForPeople || again.Revision != stored.Revision {
				t.Fatalf("the same reading again is a change: %+v", again)
			}
		}
	})
}

// TestWhatIsStoredComparesEqual checks that storing large and unusual numbers does not change them: that would look like a
// restatement.
func TestWhatIsStoredComparesEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := report{active: rapid.Int64Range(0, 1e12).Draw(t, "active"), suggested: rapid.Int64Range(0, 1e15).Draw(t, "suggested"), people: 1, hash: "a"}.reading(early)
		r.Totals.Credits = new(metrics.Credits(rapid.Int64Range(0, 500_000*1_000_000*1_000_000).Draw(t, "credits")))
		r.Usage.PullRequests = &metrics.PullRequests{MedianMinutesToMerge: new(rapid.Float64Range(0, 1e9).Draw(t, "median"))}
		r.Usage.Completions.AcceptanceRate = new(rapid.Float64Range(0, 1).Draw(t, "rate"))
		first, _ := ledger.Revise(nil, date, r)
		stored := roundTrip(t, first)
		if again, _ := ledger.Revise(&stored, date, r); again.Revision != stored.Revision {
			t.Fatalf("the stored day counts as restated: %+v", again.Changes)
		}
	})
}

func roundTrip(t *rapid.T, day ledger.Day) (stored ledger.Day) {
	text, err := json.Marshal(day)
	if err == nil {
		err = json.Unmarshal(text, &stored)
	}
	if err != nil {
		t.Fatal(err)
	}
	stored.Users = day.Users // the head does not hold it
	return stored
}
