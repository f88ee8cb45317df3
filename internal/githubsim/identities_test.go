package githubsim_test

import (
	"fmt"
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func checkBreakdowns(t *testing.T, name string, b breakdowns) {
	t.Helper()
	if sum(b.Feature) != b.tally {
		t.Errorf("%s: features sum to %+v, total %+v", name, sum(b.Feature), b.tally)
	}
	if sum(b.LanguageFeature) != b.code() {
		t.Errorf("%s: languages sum to %+v, total %+v", name, sum(b.LanguageFeature), b.code())
	}
	for by, parts := range map[string][]part{"editor": b.IDE, "model and feature": b.ModelFeature, "language and model": b.LanguageModel} {
		if !sum(parts).within(b.tally) {
			t.Errorf("%s: by %s: %+v exceeds %+v", name, by, sum(parts), b.tally)
		}
	}
}

func TestAggregatesAreTheSumOfTheirUsers(t *testing.T) {
	for _, account := range []githubsim.Account{
		organization(func(a *githubsim.Account) { a.Shards = 2 }),
		organization(func(a *githubsim.Account) { a.Seats, a.CompletionModels = 3, true }),
		enterprise(func(a *githubsim.Account) { a.Seats = 75 }),
		organization(func(a *githubsim.Account) {
			a.Seats, a.SettlesAfter, a.Restated = 60, 3, map[string]int{"2026-11-03": 1, "2026-11-20": 2}
		}),
	} {
		t.Run(fmt.Sprintf("%s of %d", account.Kind, account.Seats), func(t *testing.T) {
			gh, root := start(t, account), orgReports
			if account.Kind == githubsim.Enterprise {
				root = enterpriseReports
			}
			for _, day := range days() {
				whole := decode[aggregate](t, []byte(gh.lines(root + string(account.Kind) + "-1-day?day=" + day)[0]))
				checkBreakdowns(t, day, whole.breakdowns)
				people := make(map[string]bool)
				var total tally
				var cliActive int
				for _, line := range gh.lines(root + "users-1-day?day=" + day) {
					row := decode[userRow](t, []byte(line))
					if people[row.Login] {
						continue
					}
					people[row.Login] = true
					checkBreakdowns(t, day+" "+row.Login, row.breakdowns)
					total = total.plus(row.tally)
					if row.CLI != nil {
						cliActive++
					}
				}
				if total != whole.tally {
					t.Errorf("%s: users sum to %+v, aggregate %+v", day, total, whole.tally)
				}
				if len(people) != whole.DailyActive || cliActive != whole.CLIActive {
					t.Errorf("%s: %d people and %d on the command line, aggregate says %d and %d",
						day, len(people), cliActive, whole.DailyActive, whole.CLIActive)
				}
				if whole.Weekly < whole.DailyActive || whole.Monthly < whole.Weekly || whole.Monthly < whole.MonthlyChat {
					t.Errorf("%s: windows %d, %d, %d", day, whole.DailyActive, whole.Weekly, whole.Monthly)
				}
				if pr := whole.PullRequests; pr != nil && (pr.Merged > 0) != (pr.Median != nil) {
					t.Errorf("%s: %d merged, median %v", day, pr.Merged, pr.Median)
				}
			}
		})
	}
}

func TestWindowsCountDistinctPeople(t *testing.T) {
	gh := start(t, organization(nil))
	week, month := make(map[string]bool), make(map[string]bool)
	for back, day := range slices.Backward(days()) {
		for _, line := range gh.lines(orgReports + "users-1-day?day=" + day) {
			login := decode[userRow](t, []byte(line)).Login
			month[login] = true
			if back >= 21 {
				week[login] = true
			}
		}
	}
	last := decode[aggregate](t, []byte(gh.lines(orgReports + "organization-1-day?day=2026-11-21")[0]))
	if last.Weekly != len(week) || last.Monthly != len(month) {
		t.Errorf("%d in a week and %d in a month, rows show %d and %d", last.Weekly, last.Monthly, len(week), len(month))
	}
}

func TestTheSameRequestHasTheSameAnswer(t *testing.T) {
	one, other := start(t, organization(nil)), start(t, organization(nil))
	paths := []string{orgReports + "users-28-day/latest", orgReports + "users-1-day?day=2026-11-03", orgReports + "organization-28-day/latest"}
	got := make(map[string][]string)
	for _, path := range paths {
		got[path] = one.lines(path)
	}
	for _, path := range slices.Backward(paths) {
		if !slices.Equal(other.lines(path), got[path]) {
			t.Errorf("%s depends on earlier requests", path)
		}
	}
	another := start(t, organization(func(a *githubsim.Account) { a.Slug = "octo-test"; a.Kind = githubsim.Enterprise }))
	if slices.Equal(another.lines(enterpriseReports+"users-1-day?day=2026-11-03"), got[paths[1]]) {
		t.Error("two accounts have the same usage")
	}
}
