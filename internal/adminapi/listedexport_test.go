//go:build !race

package adminapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// manyTeams is a month of so many teams.
type manyTeams struct {
	spend.Reader
	rows *[]cost.TeamRow
}

func (m manyTeams) Month(context.Context, *connector.Connector, cost.Period) (cost.Month, error) {
	return cost.Month{Month: "2026-11", ByTeam: *m.rows}, nil
}

// manyRepositories is a range of so many repositories.
type manyRepositories struct {
	usage.Reader
	rows *[]usage.Repository
}

func (m manyRepositories) Repositories(context.Context, *connector.Connector, calendar.Range) (usage.Repositories, error) {
	return usage.Repositories{Repositories: *m.rows}, nil
}

// Tables of cost and of repositories come in parts. Amounts must add up, so a table of cost goes on only if nothing has changed.
func TestTablesInMemoryComeInParts(t *testing.T) {
	t.Parallel()
	const all = 3500
	a, saved := octoSaved.prepare(t)
	var teams []cost.TeamRow
	var repositories []usage.Repository
	for i := range all {
		name := fmt.Sprintf("team-%04d", i)
		teams = append(teams, cost.TeamRow{Team: &name})
		repositories = append(repositories, usage.Repository{Name: "octo/" + name})
	}
	a.api.Connectors.Spend, a.api.Connectors.Usage = manyTeams{rows: &teams}, manyRepositories{rows: &repositories}
	a.api.MaxAnswer = 90_000
	for _, test := range []struct {
		kind, column string
		change       func() // after the first part
		want         int    // the rows of all parts; 0: the second part is refused
	}{
		{"cost", "team", func() {}, all},
		{"cost", "team", func() { teams[all-1].CreditsUsed = new(metrics.Credits(7)) }, 0},
		{"repositories", "name", func() { repositories[5].PullRequests = new(metrics.PullRequests) }, all},
		{"repositories", "name", func() { repositories = repositories[:all-1] }, all - 1},
		{"repositories", "name", func() { repositories = repositories[1:] }, 0},
	} {
		path := saved + "/export?format=csv&kind=" + test.kind
		if whole := a.onLambda(path, nil); whole.status != http.StatusBadRequest {
			t.Fatalf("%s: the whole table got %d", test.kind, whole.status)
		}
		met, parts, refused := map[string]bool{}, 0, false
		for next := path + "&part=1"; next != ""; parts++ {
			part := a.onLambda(next, nil)
			if refused = strings.Contains(string(part.body), "begin again"); refused {
				break
			}
			if part.status != http.StatusOK {
				t.Fatalf("%s: part %d got %d %.300s", test.kind, parts+1, part.status, part.body)
			}
			for _, row := range parseTable(t, part) {
				if met[row[test.column]] {
					t.Errorf("%s comes twice", row[test.column])
				}
				met[row[test.column]] = true
			}
			if next = linkOf(part); parts == 0 {
				test.change()
			}
		}
		if refused != (test.want == 0) || !refused && len(met) != test.want {
			t.Errorf("%s: %d rows in %d parts, want %d, refused: %v", test.kind, len(met), parts, test.want, refused)
		}
	}
	if got := a.onLambda(saved+"/export?format=csv&kind=cost&part=2&next=1000", nil); got.status != http.StatusBadRequest {
		t.Errorf("an invented place got %d", got.status)
	}
}
