package githubsim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestEnvelopes(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Shards = 3 }))
	day := read[envelope](gh, orgReports+"organization-1-day?day=2026-11-20")
	if len(day.Links) != 1 || day.Day != "2026-11-20" || day.EndDay != "" {
		t.Errorf("one day: %+v", day)
	}
	latest := read[envelope](gh, orgReports+"users-28-day/latest")
	if len(latest.Links) != 3 || latest.StartDay != "2026-10-25" || latest.EndDay != "2026-11-21" || latest.Day != "" {
		t.Errorf("28 days: %+v", latest)
	}
	for _, link := range append(day.Links, latest.Links...) {
		if !strings.HasPrefix(link, gh.url+"/_reports/") {
			t.Errorf("link %s leads to another host", link)
		}
	}
	for _, query := range []string{"", "?day=", "?day=2026-11-31", "?day=20.11.2026", "?day=latest"} {
		if got := gh.get(orgReports+"users-1-day"+query, classicToken); got.status != http.StatusUnprocessableEntity {
			t.Errorf("users-1-day%s: %d", query, got.status)
		}
	}
}

func TestWhichDaysHaveReports(t *testing.T) {
	const aggregate, users = "organization-1-day", "users-1-day"
	for _, test := range []struct {
		name        string
		change      func(*githubsim.Account)
		report, day string
		has         bool
	}{
		{"today", nil, aggregate, "2026-11-22", false},
		{"tomorrow", nil, aggregate, "2026-11-23", false},
		{"yesterday", nil, aggregate, "2026-11-21", true},
		{"yesterday's users", nil, users, "2026-11-21", true},
		{"first day of history", nil, aggregate, "2025-12-12", true},
		{"before history", nil, aggregate, "2025-12-11", false},
		{"delayed", func(a *githubsim.Account) { a.ReadyDelay = 2 }, aggregate, "2026-11-20", false},
		{"delayed, come by now", func(a *githubsim.Account) { a.ReadyDelay = 2 }, aggregate, "2026-11-19", true},
		{"users delayed", func(a *githubsim.Account) { a.UsersDelay = 1 }, users, "2026-11-21", false},
		{"users delayed, aggregate there", func(a *githubsim.Account) { a.UsersDelay = 1 }, aggregate, "2026-11-21", true},
		{"missing for good", func(a *githubsim.Account) { a.MissingDays = []string{"2026-11-10"} }, users, "2026-11-10", false},
		{"before the policy", func(a *githubsim.Account) { a.FirstDay = "2026-11-10" }, users, "2026-11-09", false},
		{"since the policy", func(a *githubsim.Account) { a.FirstDay = "2026-11-10" }, users, "2026-11-10", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			gh := start(t, organization(test.change))
			want := http.StatusNoContent
			if test.has {
				want = http.StatusOK
			}
			if got := gh.get(orgReports+test.report+"?day="+test.day, classicToken); got.status != want {
				t.Errorf("%d %s, want %d", got.status, got.body, want)
			}
		})
	}
	t.Run("enterprise history is longer, and one year at most", func(t *testing.T) {
		gh := start(t, enterprise(nil))
		for day, want := range map[string]int{"2025-11-22": 200, "2025-11-21": 204} {
			if got := gh.get(enterpriseReports+"enterprise-1-day?day="+day, classicToken); got.status != want {
				t.Errorf("%s: %d, want %d", day, got.status, want)
			}
		}
	})
}

func TestFormsOfNoReport(t *testing.T) {
	for _, test := range []struct {
		form   githubsim.NoReport
		status int
		body   string
	}{
		{githubsim.NoReportNoContent, 204, ""},
		{githubsim.NoReportEmptyLinks, 200, `{"download_links":[],"report_day":"2026-11-22"}`},
		{githubsim.NoReportSentence, 200, `"No report available for this day"`},
		{githubsim.NoReportEmptyString, 200, `""`},
		{githubsim.NoReportEmptyBody, 200, ""},
		{githubsim.NoReportNotFound, 404, ""},
	} {
		gh := start(t, organization(func(a *githubsim.Account) { a.NoReport = test.form }))
		got := gh.get(orgReports+"users-1-day?day=2026-11-22", classicToken)
		if got.status != test.status || test.status != 404 && strings.TrimSpace(string(got.body)) != test.body {
			t.Errorf("form %d: %d %s", test.form, got.status, got.body)
		}
	}
	t.Run("a dead link", func(t *testing.T) {
		gh := start(t, organization(func(a *githubsim.Account) { a.NoReport = githubsim.NoReportDeadLink }))
		links := read[envelope](gh, orgReports+"users-1-day?day=2026-11-22").Links
		if got := gh.do(http.MethodGet, links[0], nil); got.status != http.StatusNotFound {
			t.Errorf("got %d %s, want 404", got.status, got.body)
		}
	})
	t.Run("28 days", func(t *testing.T) {
		gh := start(t, organization(func(a *githubsim.Account) { a.FirstDay = "2026-11-22" }))
		if got := gh.get(orgReports+"users-28-day/latest", classicToken); got.status != http.StatusNoContent {
			t.Errorf("got %d %s, want 204", got.status, got.body)
		}
	})
}

func TestThe28DayReportsAgreeWithTheDays(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.MissingDays = []string{"2026-11-11"} }))
	lines := gh.lines(orgReports + "organization-28-day/latest")
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one object", len(lines))
	}
	latest := decode[struct {
		Days []aggregate `json:"day_totals"`
	}](t, []byte(lines[0]))
	if len(latest.Days) != 27 {
		t.Fatalf("%d days, want 28 less the missing one", len(latest.Days))
	}
	for _, day := range latest.Days {
		single := decode[aggregate](t, []byte(gh.lines(orgReports + "organization-1-day?day=" + day.Day)[0]))
		if single.DailyActive != day.DailyActive || single.tally != day.tally {
			t.Errorf("%s differs between the two reports", day.Day)
		}
	}
	var want []string
	for _, day := range latest.Days {
		for _, line := range gh.lines(orgReports + "users-1-day?day=" + day.Day) {
			row := decode[userRow](t, []byte(line))
			want = append(want, row.Day+" "+row.Login)
		}
	}
	var got []string
	for _, line := range gh.lines(orgReports + "users-28-day/latest") {
		row := decode[userRow](t, []byte(line))
		if row.StartDay != "2026-10-25" || row.EndDay != "2026-11-21" {
			t.Fatalf("row of %s spans %s to %s", row.Day, row.StartDay, row.EndDay)
		}
		got = append(got, row.Day+" "+row.Login)
	}
	if !slices.Equal(got, want) {
		t.Errorf("28-day users report has %d rows, its days have %d", len(got), len(want))
	}
}
