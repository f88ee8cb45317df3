//go:build !race

package collect_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// ofTeams returns an account with so few days that one poll reads all of them.
func ofTeams() githubsim.Account {
	account := octoDemo()
	account.Seats, account.FirstDay = 60, "2026-11-10"
	return account
}

func parseDate(t *testing.T, text string) calendar.Date {
	t.Helper()
	date, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

// teamsOf returns the stored teams of a day.
func (w *world) teamsOf(date string) *ledger.TeamDay {
	w.t.Helper()
	day := parseDate(w.t, date)
	teams, err := w.store.Teams(w.t.Context(), w.ref, calendar.Range{From: day, To: day})
	if err != nil || teams.Sums[day] == nil {
		w.t.Fatalf("no teams are stored for %s: %v", date, err)
	}
	return teams.Sums[day]
}

// kept lists the connector's stored keys with a prefix, without items that expire.
func (w *world) kept(prefix string) (keys []string) {
	w.t.Helper()
	of := store.Range{Partition: "connector#" + w.ref.Tenant + "/" + w.ref.ID, From: prefix, To: prefix + "~"}
	for item, err := range w.store.Table.Query(w.t.Context(), of) {
		if err != nil {
			w.t.Fatal(err)
		}
		if item.Expires.IsZero() {
			keys = append(keys, item.Sort)
		}
	}
	return keys
}

func TestTeamsAreKeptWithTheirDayAndRestated(t *testing.T) {
	t.Parallel()
	w := settled(t, ofTeams())
	before := w.teamsOf("2026-11-20")
	if before.Basis != team.ByReport || len(before.Sums.Teams) < 3 || before.Sums.Whole.Active == 0 {
		t.Fatalf("the teams of the day are %+v", before)
	}
	names, days := w.kept("teams#"), w.kept("byteam#")
	w.pollAt(morning(0).Add(time.Hour))
	if got := w.kept("teams#"); !slices.Equal(names, got) || len(days) == 0 {
		t.Errorf("an unchanged membership was written again: %v, before %v", got, names)
	}
	w.gitHub.RestateTeams(githubsim.Organization, slug, "2026-11-20")
	w.pollAt(morning(0).Add(2 * time.Hour))
	after := w.teamsOf("2026-11-20")
	if after.Membership == before.Membership || after.Sums.Teams["reviewers"] == nil || after.Sums.Whole.Active != before.Sums.Whole.Active {
		t.Errorf("after a restatement the teams are %+v", after)
	}
	named := map[string]bool{}
	for _, date := range (calendar.Range{From: parseDate(t, "2026-11-10"), To: parseDate(t, "2026-11-21")}).Days() {
		named[w.teamsOf(date.String()).Membership] = true
	}
	for _, key := range w.kept("teams#") {
		if hash := strings.Split(key, "#")[2]; !named[hash] {
			t.Errorf("%s is stored, but no day refers to it", hash)
		}
	}
}

func TestTroubleWithTheTeamsOfADay(t *testing.T) {
	t.Parallel()
	const day = "2026-11-20"
	for name, test := range map[string]struct {
		fault   func(w *world) func(http.ResponseWriter, *http.Request) bool
		outcome connector.Outcome
		words   string
	}{
		"a line is cut": {func(w *world) func(http.ResponseWriter, *http.Request) bool {
			return rewritten(w, "/user-teams-1-day/"+day, 1e6, func(body []byte) []byte { return body[:len(body)/2] })
		}, connector.OutcomePartial, "could not be read whole"},
		"one row is another account's": {func(w *world) func(http.ResponseWriter, *http.Request) bool {
			return rewritten(w, "/user-teams-1-day/"+day, 1e6, func(body []byte) []byte {
				row := firstLines(1)(body)
				return append(body, anothers(row)...)
			})
		}, connector.OutcomePartial, "424242"},
		"a row without a team": {func(w *world) func(http.ResponseWriter, *http.Request) bool {
			return rewritten(w, "/user-teams-1-day/"+day, 1e6, func(body []byte) []byte { return append(body, `{"user_id":7}`+"\n"...) })
		}, connector.OutcomePartial, "slug"},
		"the report is gone": {func(*world) func(http.ResponseWriter, *http.Request) bool {
			return failing("/user-teams-1-day?day="+day, 1e6, says(http.StatusNoContent, ""))
		}, connector.OutcomeOK, ""},
		"refused": {func(*world) func(http.ResponseWriter, *http.Request) bool {
			return failing("/user-teams-1-day?", 1e6, says(http.StatusForbidden, "Resource not accessible by personal access token"))
		}, connector.OutcomeOK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settled(t, ofTeams())
			before := w.teamsOf(day)
			w.gitHub.RestateTeams(githubsim.Organization, slug, day)
			w.gitHub.Intercept(test.fault(w))
			w.pollAt(morning(0).Add(time.Hour))
			if poll := w.connector().LastPoll; poll.Outcome != test.outcome || !strings.Contains(w.connector().StatusReason, test.words) {
				t.Errorf("the poll is %s: %s", poll.Outcome, w.connector().StatusReason)
			}
			if after := w.teamsOf(day); after.Membership != before.Membership || after.Basis != team.ByReport {
				t.Errorf("the old teams were not kept: %+v", after)
			}
			w.gitHub.Intercept(nil)
			w.pollAt(morning(1))
			w.mustBe(connector.StatusActive)
			if after := w.teamsOf(day); after.Sums.Teams["reviewers"] == nil {
				t.Errorf("the next poll did not read the teams: %+v", after)
			}
		})
	}
}

func TestWithoutATeamsReportTheSeatsTellTheTeams(t *testing.T) {
	t.Parallel()
	w := create(t, ofTeams()).save()
	w.gitHub.Intercept(failing("/user-teams-1-day?", 1e6, says(http.StatusForbidden, "Resource not accessible by personal access token")))
	w.run(w.queued()[0].Task)
	w.finish()
	w.mustBe(connector.StatusActive)
	got := w.teamsOf("2026-11-17")
	if got.Basis != team.BySeats || got.Seats == nil || got.Sums.Teams["backend"] == nil || got.Sums.Unassigned.Active == 0 {
		t.Errorf("the teams of the day are %+v", got)
	}
	w.gitHub.Intercept(nil)
	w.pollAt(morning(1))
	if got := w.teamsOf("2026-11-20"); got.Basis != team.ByReport {
		t.Errorf("once the report may be read, the teams of the day are %+v", got)
	}
}
