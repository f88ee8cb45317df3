package adminapi

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

const (
	// daysShown is the range that is shown where none is asked for.
	daysShown = 28

	// maxDaysShown bounds a range.
	maxDaysShown = 366
)

// showUsage answers GET /connectors/{id}/usage.
func (a API) showUsage(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	days := a.dateRange(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	answer, err := a.Connectors.Usage.Usage(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	writeJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// showUsers answers GET /connectors/{id}/users: everybody of a range, some at a time, or one by userId.
func (a API) showUsers(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := r.URL.Query()
	days := a.dateRange(&check, query)
	userID := check.userID(query.Get("userId"))
	if p := check.problem(); p != nil {
		return p
	}
	var (
		answer usage.Users
		err    error
	)
	if userID != 0 {
		answer, err = a.Connectors.Usage.User(r.Context(), c, days, userID)
	} else {
		answer, err = a.Connectors.Usage.Users(r.Context(), c, days, query.Get("next"))
	}
	switch {
	case errors.Is(err, usage.ErrNext):
		return invalid(fieldError{"next", err.Error()})
	case err != nil:
		return failure(err)
	}
	writeJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// dateRange reads from and to, both included. Either may be left out.
func (a API) dateRange(c *formCheck, query url.Values) connector.DateRange {
	days := connector.LastDays(daysShown, a.Now())
	if given := query.Get("to"); given != "" {
		days.To = parse(c, "to", &given, connector.ParseDate)
		days.From = days.To - daysShown + 1
	}
	if given := query.Get("from"); given != "" {
		days.From = parse(c, "from", &given, connector.ParseDate)
	}
	if len(c.errors) == 0 {
		c.require(days.From <= days.To, "from", "must not be after to")
		c.require(days.To-days.From < maxDaysShown, "from", "must be less than 366 days before to")
	}
	return days
}

// userID reads a user's id of GitHub's; 0: none was given.
func (c *formCheck) userID(given string) int64 {
	if given == "" {
		return 0
	}
	id, err := strconv.ParseInt(given, 10, 64)
	c.require(err == nil && id > 0, "userId", "must be a user id of GitHub's, a whole number")
	return id
}

// connectorPlace reads where a list of connectors goes on; empty: at its beginning.
func (c *formCheck) connectorPlace(given string) string {
	if given == "" {
		return ""
	}
	id, err := connector.ParseID(given)
	c.require(err == nil, "next", usage.ErrNext.Error())
	return id
}
