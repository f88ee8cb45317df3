package githubsim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// memberships reads a user-teams report. It returns each person's teams, by the text of the id.
func memberships(t *testing.T, lines []string) (teams map[string]map[string]bool) {
	t.Helper()
	teams = map[string]map[string]bool{}
	for _, line := range lines {
		var row struct {
			UserID any    `json:"user_id"`
			Team   string `json:"slug"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if number, ok := row.UserID.(float64); ok {
			row.UserID = fmt.Sprintf("%.0f", number)
		}
		if teams[row.Team] == nil {
			teams[row.Team] = map[string]bool{}
		}
		teams[row.Team][row.UserID.(string)] = true
	}
	return teams
}

func TestUserTeamsReports(t *testing.T) {
	t.Parallel()
	const path = "user-teams-1-day?day="
	gh := start(t, organization(func(a *githubsim.Account) { a.Seats, a.Shards = 120, 2 }))
	november := memberships(t, gh.lines(orgReports+path+"2026-11-20"))
	several := map[string]int{}
	for team, people := range november {
		if len(people) < 5 || team == "security" {
			t.Errorf("%s has %d people, and is not hidden", team, len(people))
		}
		for id := range people {
			several[id]++
		}
	}
	most := 0
	for _, n := range several {
		most = max(most, n)
	}
	if most < 2 || len(november) < 4 {
		t.Errorf("%d teams, nobody in more than %d", len(november), most)
	}
	if august := memberships(t, gh.lines(orgReports+path+"2026-08-20")); maps.EqualFunc(november, august, func(a, b map[string]bool) bool { return maps.Equal(a, b) }) {
		t.Error("no person has changed teams since August")
	}
	gh.RestateTeams(githubsim.Organization, "octo-test", "2026-11-20")
	if restated := memberships(t, gh.lines(orgReports+path+"2026-11-20")); len(restated["reviewers"]) == 0 {
		t.Error("the report is not restated")
	}
	for day, want := range map[string]int{"2026-05-14": 200, "2026-05-13": 204, "2026-11-22": 204} {
		if got := gh.get(orgReports+path+day, classicToken); got.status != want {
			t.Errorf("%s: %d, want %d", day, got.status, want)
		}
	}
}

func TestUserTeamsOfAnEnterpriseComeLate(t *testing.T) {
	t.Parallel()
	gh := start(t, enterprise(func(a *githubsim.Account) { a.TeamsDelay = 2 }))
	for day, want := range map[string]int{"2026-11-19": http.StatusOK, "2026-11-20": http.StatusNoContent} {
		if got := gh.get(enterpriseReports+"user-teams-1-day?day="+day, classicToken); got.status != want {
			t.Errorf("%s: %d, want %d", day, got.status, want)
		}
	}
}
