package adminapi

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
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
	days := a.dateRange(&check, check.query(r))
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
	query := check.query(r)
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

// dateRange reads from and to, both included. Either may be left out or empty.
func (a API) dateRange(c *formCheck, query url.Values) calendar.Range {
	days := calendar.LastDays(daysShown, a.Now())
	if given := query.Get("to"); given != "" {
		days.To = parse(c, "to", &given, parseDay)
		days.From = days.To - daysShown + 1
	}
	if given := query.Get("from"); given != "" {
		days.From = parse(c, "from", &given, parseDay)
	}
	if len(c.errors) == 0 {
		c.require(days.From <= days.To, "from", "must not be after to, which is yesterday where it is left out")
		c.require(days.To-days.From < maxDaysShown, "from", "must not be so long before to: a range has 366 days at most, and to is yesterday where it is left out")
	}
	return days
}

// parseDay accepts days that a range which ends on them can be counted back from. There was no GitHub before.
func parseDay(given string) (calendar.Date, error) {
	date, err := calendar.ParseDate(given)
	if err != nil || date < daysShown {
		return 0, errors.New("must be a day of the form YYYY-MM-DD, like 2026-11-22")
	}
	return date, nil
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
