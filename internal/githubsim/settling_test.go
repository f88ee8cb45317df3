package githubsim_test

import (
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func (g github) dayTotals(day string) aggregate {
	g.t.Helper()
	return decode[aggregate](g.t, []byte(g.lines(orgReports + "organization-1-day?day=" + day)[0]))
}

func TestTheNumbersOfADayGrowUntilItSettles(t *testing.T) {
	settling := organization(func(a *githubsim.Account) { a.Seats, a.SettlesAfter = 400, 2 })
	gh, settled := start(t, settling), start(t, organization(func(a *githubsim.Account) { a.Seats = 400 }))
	const users = orgReports + "users-1-day?day=2026-11-20"
	*gh.time = noon.AddDate(0, 0, -1)
	var people []int
	var credits []float64
	for range 5 {
		people = append(people, gh.dayTotals("2026-11-20").DailyActive)
		if rows := gh.lines(users); len(rows) != people[len(people)-1] {
			t.Errorf("%d rows, the aggregate has %d people", len(rows), people[len(people)-1])
		}
		credits = append(credits, read[creditUsage](gh, creditPath+"?day=20").gross())
		*gh.time = gh.time.AddDate(0, 0, 1)
	}
	if first, next, last := people[0], people[1], people[2]; first >= next || next >= last || first*100 < last*90 {
		t.Errorf("people on the days after: %d", people)
	}
	if people[2] != people[3] || people[2] != people[4] || credits[2] != credits[4] || credits[0] >= credits[2] {
		t.Errorf("a settled day still changes: %d people, %.2f credits", people, credits)
	}
	if !slices.Equal(gh.lines(users), settled.lines(users)) {
		t.Error("a settled day differs from that of an account that settles at once")
	}
}

func TestARestatedDayHasMoreActivityAndOtherCredits(t *testing.T) {
	gh, other := start(t, organization(nil)), start(t, organization(nil))
	users, neighbour := orgReports+"users-1-day?day=2026-11-19", orgReports+"users-1-day?day=2026-11-18"
	untouched := gh.lines(neighbour)
	before, credits := gh.dayTotals("2026-11-19"), read[creditUsage](gh, creditPath+"?day=19").gross()
	for range 2 {
		gh.Restate(githubsim.Organization, "Octo-Test", "2026-11-19")
		after := gh.dayTotals("2026-11-19")
		if after.Interactions <= before.Interactions || after.Generated <= before.Generated || after.DailyActive != before.DailyActive {
			t.Errorf("restated: %+v, before %+v", after.tally, before.tally)
		}
		restated := read[creditUsage](gh, creditPath+"?day=19").gross()
		if restated <= credits {
			t.Errorf("%.2f credits, before %.2f", restated, credits)
		}
		before, credits = after, restated
	}
	if !slices.Equal(gh.lines(neighbour), untouched) {
		t.Error("another day has changed")
	}
	other.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Restated["2026-11-19"] = 2 })
	if !slices.Equal(gh.lines(users), other.lines(users)) {
		t.Error("the same revision of two servers differs")
	}
}
