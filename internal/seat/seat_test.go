package seat_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

var today = calendar.DateOf(now)

// daysAgo returns the time that many days before now; days may have fractions.
func daysAgo(n float64) *time.Time { return new(now.Add(-time.Duration(n * float64(24*time.Hour)))) }

func dayOf(s string) *calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func person(id int64) *int64 { return &id }

func TestGrantsOfOnePersonAreOneSeat(t *testing.T) {
	const b, e, unknown = copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown
	grants := []seat.Seat{
		{UserID: person(1), Login: "ada", Team: "beta", Plan: b, CreatedAt: daysAgo(90), LastActivityAt: daysAgo(9), LastActivityEditor: "vim", PendingCancellation: dayOf("2026-12-01")},
		{UserID: nil, Plan: b},
		{UserID: person(2), Login: "bo", Team: "core", Plan: b, PendingCancellation: dayOf("2026-12-01")},
		{UserID: person(3), Login: "cy", Team: "core", Plan: b, CreatedAt: daysAgo(300)},
		{UserID: person(4), Login: "di", Team: "core", Plan: e, PendingCancellation: dayOf("2026-11-22")},
		{UserID: person(5), Login: "ed", Organization: "web", Team: "core", Plan: b},
		{UserID: person(5), Login: "ed", Organization: "apps", Plan: b},
		{UserID: person(1), Login: "ada", Team: "core", Plan: e, CreatedAt: daysAgo(40), LastActivityAt: nil},
		{UserID: person(1), Login: "ada", Team: "alpha", Plan: b, LastActivityAt: daysAgo(2), LastActivityEditor: "vscode"},
		{UserID: person(2), Login: "bo", Team: "apps", Plan: b, CreatedAt: daysAgo(5), PendingCancellation: dayOf("2026-12-15")},
		{UserID: person(3), Login: "cy", Team: "ops", Plan: unknown, CreatedAt: daysAgo(200)},
		{UserID: person(4), Login: "di", Team: "ops", Plan: b, PendingCancellation: dayOf("2026-11-23")},
		{UserID: nil, Plan: b},
	}
	want := []seat.Seat{
		{UserID: person(1), Login: "ada", Team: "core", Plan: e, CreatedAt: daysAgo(90), LastActivityAt: daysAgo(2), LastActivityEditor: "vscode"},
		{UserID: nil, Plan: b},
		{UserID: person(2), Login: "bo", Team: "apps", Plan: b, CreatedAt: daysAgo(5), PendingCancellation: dayOf("2026-12-15")},
		{UserID: person(3), Login: "cy", Team: "ops", Plan: unknown, CreatedAt: daysAgo(300)}, // the unknown plan may be higher than Business
		{UserID: person(4), Login: "di", Team: "ops", Plan: b, PendingCancellation: dayOf("2026-11-23")},
		{UserID: person(5), Login: "ed", Organization: "apps", Plan: b},
		{UserID: nil, Plan: b},
	}
	if diff := cmp.Diff(want, seat.OnePerPerson(grants, today)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]seat.Seat{}, seat.OnePerPerson(nil, today)); diff != "" {
		t.Errorf("without grants (-want +got):\n%s", diff)
	}
}

// days draws days close together, so that a grant ends before, on and after the end of another.
var days = rapid.Map(rapid.IntRange(20_000, 20_005), func(n int) calendar.Date { return calendar.Date(n) })

var grants = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) seat.Seat {
	times := rapid.Map(rapid.IntRange(0, 20), func(n int) time.Time { return *daysAgo(float64(n)) })
	return seat.Seat{
		UserID:              rapid.Ptr(rapid.Int64Range(1, 5), true).Draw(t, "person"),
		Organization:        rapid.SampledFrom([]string{"", "apps", "web"}).Draw(t, "organization"),
		Team:                rapid.SampledFrom([]string{"", "core", "ops"}).Draw(t, "team"),
		Plan:                rapid.SampledFrom([]copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown}).Draw(t, "plan"),
		CreatedAt:           rapid.Ptr(times, true).Draw(t, "created"),
		LastActivityAt:      rapid.Ptr(times, true).Draw(t, "active"),
		LastActivityEditor:  rapid.SampledFrom([]string{"", "vim", "vscode"}).Draw(t, "editor"),
		PendingCancellation: rapid.Ptr(days, true).Draw(t, "leaves"),
	}
}), 0, 12)

// facts returns the seats by person.
func facts(seats []seat.Seat) map[int64]seat.Seat {
	facts := map[int64]seat.Seat{}
	for _, s := range seats {
		if s.UserID != nil {
			facts[*s.UserID] = s
		}
	}
	return facts
}

func TestTheOrderOfGrantsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given, on := grants.Draw(t, "grants"), days.Draw(t, "day")
		before := slices.Clone(given)
		seats := seat.OnePerPerson(given, on)
		if diff := cmp.Diff(facts(seats), facts(seat.OnePerPerson(rapid.Permutation(given).Draw(t, "shuffled"), on))); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(seats, seat.OnePerPerson(seats, on)); diff != "" {
			t.Errorf("joined again (-once +twice):\n%s", diff)
		}
		if diff := cmp.Diff(before, given); diff != "" {
			t.Errorf("the grants were changed (-before +after):\n%s", diff)
		}
		nobody := 0
		for _, grant := range given {
			if grant.UserID == nil {
				nobody++
			}
		}
		if want := len(facts(given)) + nobody; len(seats) != want {
			t.Errorf("%d seats, want %d", len(seats), want)
		}
	})
}

func TestASeatsFieldsComeFromItsGrants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given, on := grants.Draw(t, "grants"), days.Draw(t, "day")
		seats := facts(seat.OnePerPerson(given, on))
		staying, counting := map[int64]bool{}, map[int64]bool{}
		for _, grant := range given {
			if grant.UserID == nil {
				continue
			}
			held := seats[*grant.UserID]
			paid := func(s seat.Seat) bool { return s.PendingCancellation == nil || on < *s.PendingCancellation }
			switch {
			case paid(held) && !paid(grant): // a grant that has ended does not count
			case order(grant.Plan) > order(held.Plan):
				t.Errorf("the plan is %s although a grant has %s", held.Plan, grant.Plan)
			case grant.Plan != held.Plan:
			case grant.Organization != "" && (held.Organization == "" || held.Organization > grant.Organization):
				t.Errorf("the organization is %q although a grant of this plan has %q", held.Organization, grant.Organization)
			case grant.Organization != held.Organization:
			case grant.Team != "" && (held.Team == "" || held.Team > grant.Team):
				t.Errorf("the team is %q although a grant of this plan has %q", held.Team, grant.Team)
			case grant.Team == held.Team:
				counting[*grant.UserID] = true
			}
			if grant.CreatedAt != nil && (held.CreatedAt == nil || held.CreatedAt.After(*grant.CreatedAt)) {
				t.Errorf("created at %v although a grant was at %v", held.CreatedAt, grant.CreatedAt)
			}
			if grant.LastActivityAt != nil && (held.LastActivityAt == nil || held.LastActivityAt.Before(*grant.LastActivityAt)) {
				t.Errorf("active at %v although a grant was at %v", held.LastActivityAt, grant.LastActivityAt)
			}
			staying[*grant.UserID] = staying[*grant.UserID] || grant.PendingCancellation == nil
		}
		for id, held := range seats {
			if staying[id] != (held.PendingCancellation == nil) {
				t.Errorf("the seat ends on %v; a grant stays: %v", held.PendingCancellation, staying[id])
			}
			if !counting[id] {
				t.Errorf("no grant has both the plan %s and the team %q", held.Plan, held.Team)
			}
		}
	})
}

// order ranks the plans. An unknown plan may be the highest.
func order(p copilot.Plan) int {
	return slices.Index([]copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown}, p)
}
