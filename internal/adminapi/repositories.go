package adminapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/usage"
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
	days := a.dateRange(&check, query)
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
	return listFailure(rows(p, query.Get("next"), inPages(list)))
}

// rowsAtOnce is the number of rows of a list in memory that are written at a time.
const rowsAtOnce = 5000

// inPages returns a table of a list. A place is the number of a row.
func inPages[Row any](list []Row) func(place string) ([]Row, string, error) {
	return func(place string) (some []Row, next string, err error) {
		first := 0
		if place != "" {
			if first, err = strconv.Atoi(place); err != nil || first <= 0 || first >= len(list) {
				return nil, "", usage.ErrNext
			}
		}
		last := min(first+rowsAtOnce, len(list))
		if last < len(list) {
			next = strconv.Itoa(last)
		}
		return list[first:last], next, nil
	}
}
