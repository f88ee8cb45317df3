package adminapi

import (
	"fmt"
	"net/http"
	"net/url"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/listing"
)

// showRepositories answers GET /connectors/{id}/repositories: the pull requests of each repository in a range.
func (a API) showRepositories(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	days := a.dateRange(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(func(float64) string { return "Ask for the export of the kind repositories, in parts." })
	answer, err := a.Connectors.Usage.Repositories(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// exportRepositories writes a row for each repository.
func (a API) exportRepositories(r *http.Request, c *connector.Connector, query url.Values, p *part) *problem {
	var check formCheck
	days := a.exportedRange(&check, query)
	if wrong := check.problem(); wrong != nil {
		return wrong
	}
	p.name = fmt.Sprintf("repositories-%s-to-%s", days.From, days.To)
	read, err := a.Connectors.Usage.Repositories(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	list := make([]export.Repository, len(read.Repositories))
	for i, of := range read.Repositories {
		list[i] = export.RepositoryOf(of.Name, of.Visibility, of.PullRequests)
	}
	byName := listing.New(days.From.String()+" "+days.To.String(), list, func(row export.Repository) string { return row.Name })
	return listFailure(listed(p, query.Get("next"), byName))
}
