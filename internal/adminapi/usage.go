package adminapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

const (
	// daysShown is the range that is shown where none is asked for.
	daysShown = 28

	// maxDaysShown bounds a range.
	maxDaysShown = 366
)

// showUsage answers GET /connectors/{id}/usage.
func (a API) showUsage(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	days := a.dateRange(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	answer, err := a.Connectors.Usage.Usage(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// shorterRange advises how many days to ask for where those of a range are too long for an answer. Days differ in length: a
// fifth is kept free.
func shorterRange(days calendar.Range) func(share float64) string {
	return func(share float64) string {
		some := max(int(float64(days.To-days.From+1)*share*0.8), 1)
		return fmt.Sprintf("Ask for %d days at a time, as from=%s&to=%s. Or accept it compressed, by the header Accept-Encoding: gzip (curl --compressed).",
			some, days.From, days.From+calendar.Date(some)-1)
	}
}

// showUsers answers GET /connectors/{id}/users: everybody of a range, some at a time, or one by userId.
func (a API) showUsers(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := r.URL.Query()
	days := a.dateRange(&check, query)
	userID := check.userID(query.Get("userId"))
	check.require(userID == 0 || !query.Has("next"), "next", "does not go with userId")
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
		return invalid(edge.FieldError{Field: "next", Detail: err.Error()})
	case err != nil:
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// dateRange reads from and to, both included. Either may be left out or empty.
func (a API) dateRange(c *formCheck, query url.Values) calendar.Range {
	days := calendar.LastDays(daysShown, a.Now())
	if given := query.Get("to"); given != "" {
		days.To = parse(c, "to", &given, a.parseDay)
		days.From = days.To - daysShown + 1
	}
	if given := query.Get("from"); given != "" {
		days.From = parse(c, "from", &given, a.parseDay)
	}
	if len(c.errors) == 0 {
		c.require(days.From <= days.To, "from", "must not be after to, which is yesterday where it is left out")
		c.require(days.To-days.From < maxDaysShown, "from", "must not be so long before to: a range has 366 days at most, and to is yesterday where it is left out")
	}
	return days
}

// parseDay accepts days that a range which ends on them can be counted back from, and none to come. There was no GitHub
// before.
func (a API) parseDay(given string) (calendar.Date, error) {
	date, err := calendar.ParseDate(given)
	switch {
	case err != nil, date < daysShown:
		return 0, errors.New("must be a day of the form YYYY-MM-DD, like 2026-11-22")
	case date > calendar.DateOf(a.Now()):
		return 0, errors.New("must not lie in the future")
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
