package adminapi

import (
	"context"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// teamsTime is how long an answer by team may take. The gateway waits for 30 seconds.
const teamsTime = 25 * time.Second

// showTeams answers GET /connectors/{id}/teams.
func (a API) showTeams(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	days := a.dateRange(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	ctx, cancel := context.WithTimeout(r.Context(), teamsTime)
	defer cancel()
	teams, err := a.Connectors.Spend.Teams(ctx, c, days)
	if err != nil {
		return tooSlow(ctx, r, days, err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", teams)
	return nil
}

// showTeamUsage answers GET /connectors/{id}/usage with team.
func (a API) showTeamUsage(w *edge.Answer, r *http.Request, c *connector.Connector, days calendar.Range, team string, compare bool) *problem {
	ctx, cancel := context.WithTimeout(r.Context(), teamsTime)
	defer cancel()
	answer, err := a.Connectors.Usage.TeamUsage(ctx, c, days, team, compare)
	if err != nil {
		return tooSlow(ctx, r, days, err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// tooSlow returns the problem for an answer that failed. If the answer's own time has ended, and not that of the request, the problem says
// how to ask for less.
func tooSlow(ctx context.Context, r *http.Request, days calendar.Range, err error) *problem {
	if n := int(days.To-days.From+1) / 2; ctx.Err() != nil && r.Context().Err() == nil && n > 0 && fault.Is(err, fault.OutOfTime, fault.Store) {
		return ours(edge.TooSlow(fewerDays(days, n)))
	}
	return failure(err)
}
