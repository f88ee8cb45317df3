package adminapi

import (
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// showTeams answers GET /connectors/{id}/teams.
func (a API) showTeams(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	days := a.dateRange(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	teams, err := a.Connectors.Spend.Teams(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", teams)
	return nil
}

// showTeamUsage answers GET /connectors/{id}/usage with team.
func (a API) showTeamUsage(w *edge.Answer, r *http.Request, c *connector.Connector, days calendar.Range, team string, compare bool) *problem {
	answer, err := a.Connectors.Usage.TeamUsage(r.Context(), c, days, team, compare)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}
