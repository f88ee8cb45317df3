package metrics_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestAPersonsUsageInARange(t *testing.T) {
	const untold = metrics.Untold
	for _, test := range []struct {
		name string
		days []metrics.UserDay
		want string
	}{
		{
			"a reduced row",
			[]metrics.UserDay{{UserID: 7, Suggested: untold, Accepted: untold, LinesAccepted: untold, Interactions: untold, Credits: untold}},
			`{"userId":7,"login":"","activeDays":1,"lastActiveDay":"2026-11-18","suggested":null,"accepted":null,"acceptanceRate":null,
			"interactions":null,"linesAccepted":null,"creditsUsed":null,"creditsShare":null,"seatStatus":null,"features":null,"teams":null}`,
		},
		{
			"a known count beside an unknown one",
			[]metrics.UserDay{
				{UserID: 7, Login: "ada-k", Suggested: 30, Accepted: 10, LinesAccepted: 12, Interactions: 0, Credits: 1_500_000},
				{UserID: 7, Suggested: untold, Accepted: untold, LinesAccepted: untold, Interactions: untold, Credits: untold},
			},
			`{"userId":7,"login":"ada-k","activeDays":2,"lastActiveDay":"2026-11-19","suggested":30,"accepted":10,"acceptanceRate":0.3333,
			"interactions":0,"linesAccepted":12,"creditsUsed":1.5,"creditsShare":null,"seatStatus":null,"features":null,"teams":null}`,
		},
		{
			"counts left out beside others", // and a day without fields adds nothing
			[]metrics.UserDay{
				{UserID: 7, Suggested: 30, Accepted: untold, LinesAccepted: 12, Interactions: 1, Credits: untold},
				{UserID: 7, Suggested: untold, Accepted: untold, LinesAccepted: untold, Interactions: untold, Credits: 500_000},
				{UserID: 7, Suggested: 10, Accepted: 3, LinesAccepted: 1, Interactions: untold, Credits: untold},
			},
			`{"userId":7,"login":"","activeDays":3,"lastActiveDay":"2026-11-20","suggested":40,"accepted":null,"acceptanceRate":null,
			"interactions":null,"linesAccepted":13,"creditsUsed":0.5,"creditsShare":null,"seatStatus":null,"features":null,"teams":null}`,
		},
		{
			"a login that changed",
			[]metrics.UserDay{
				{UserID: 7, Login: "ada-k", Suggested: 1, Accepted: 1, LinesAccepted: 4, Interactions: 2, Credits: 100_000},
				{UserID: 7, Login: "ada", Suggested: 3, Accepted: 0, LinesAccepted: 0, Interactions: 3, Credits: 200_000},
			},
			`{"userId":7,"login":"ada","activeDays":2,"lastActiveDay":"2026-11-19","suggested":4,"accepted":1,"acceptanceRate":0.25,
			"interactions":5,"linesAccepted":4,"creditsUsed":0.3,"creditsShare":null,"seatStatus":null,"features":null,"teams":null}`,
		},
		{
			"nothing suggested",
			[]metrics.UserDay{{UserID: 7, Login: "ada-k", Credits: untold}},
			`{"userId":7,"login":"ada-k","activeDays":1,"lastActiveDay":"2026-11-18","suggested":0,"accepted":0,"acceptanceRate":null,
			"interactions":0,"linesAccepted":0,"creditsUsed":null,"creditsShare":null,"seatStatus":null,"features":null,"teams":null}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sum metrics.UserSum
			for i := range test.days {
				sum.Add(date+calendar.Date(i), &test.days[i])
			}
			var want, got any
			fromJSON(t, test.want, &want)
			fromJSON(t, asJSON(t, sum.Usage()), &got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPersonsSumsAreThoseOfTheirDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(userDays, 1, 10).Draw(t, "days")
		var sum metrics.UserSum
		uses := map[string][]*int64{}
		var suggested, accepted, interactions, lines []*int64
		want := metrics.UserUsage{ActiveDays: len(days), LastActiveDay: date + calendar.Date(len(days)-1)}
		for i := range days {
			days[i].UserID = 7
			before := asJSON(t, days[i])
			sum.Add(date+calendar.Date(i), &days[i])
			if asJSON(t, days[i]) != before {
				t.Error("adding has changed the day added")
			}
			if max(days[i].Suggested, days[i].Accepted, days[i].Interactions, days[i].LinesAccepted) != metrics.Untold {
				suggested, accepted = append(suggested, days[i].Suggested.Ptr()), append(accepted, days[i].Accepted.Ptr())
				interactions, lines = append(interactions, days[i].Interactions.Ptr()), append(lines, days[i].LinesAccepted.Ptr())
			}
			if credits := days[i].Credits.Ptr(); credits != nil {
				want.CreditsUsed = new(orNone(want.CreditsUsed) + *credits)
			}
			for _, use := range days[i].Features.List() {
				uses[use.Name] = append(uses[use.Name], use.Interactions)
			}
			if days[i].Login != "" {
				want.Login = days[i].Login
			}
		}
		want.UserID = 7
		if len(suggested) > 0 {
			want.Suggested, want.Accepted, want.Interactions, want.LinesAccepted = total(suggested), total(accepted), total(interactions), total(lines)
		}
		want.AcceptanceRate = exactRate(want.Accepted, want.Suggested)
		for name, parts := range uses {
			want.Features = append(want.Features, feature.Use{Name: name, Interactions: total(parts)})
		}
		byName := cmpopts.SortSlices(func(a, b feature.Use) bool { return a.Name < b.Name })
		if diff := cmp.Diff(want, sum.Usage(), byName); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
