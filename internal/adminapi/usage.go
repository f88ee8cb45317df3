package adminapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
)

const (
	// daysShown is the length of the range if none is given.
	daysShown = 28

	// maxDaysShown is the length of the longest range.
	maxDaysShown = 366
)

// showUsage answers GET /connectors/{id}/usage.
func (a API) showUsage(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	query := r.URL.Query()
	if query.Get("by") != "" {
		return a.showPeriods(w, r, c, query)
	}
	var check formCheck
	days := a.dateRange(&check, query)
	compare := query.Get("compare")
	check.require(compare == "" || compare == "previous", "compare", "must be previous")
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	if team := query.Get("team"); team != "" {
		return a.showTeamUsage(w, r, c, days, team, compare != "")
	}
	read := a.Connectors.Usage.Usage
	if compare != "" {
		read = a.Connectors.Usage.Compared
	}
	answer, err := read(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// shorterRange returns the advice how many days to ask for if a range is too long for one answer. Days have different lengths, so it
// leaves a fifth of the answer free.
func shorterRange(days calendar.Range) func(share float64) string {
	return func(share float64) string {
		if days.From == days.To {
			return ""
		}
		return fewerDays(days, max(int(float64(days.To-days.From+1)*share*0.8), 1))
	}
}

func fewerDays(days calendar.Range, some int) string {
	return fmt.Sprintf("Ask for %d days at a time, as from=%s&to=%s.", some, days.From, days.From+calendar.Date(some)-1)
}

// dateRange reads from and to, which are both included. Either may be missing.
func (a API) dateRange(c *formCheck, query url.Values) calendar.Range {
	days := a.bounds(c, query, func(to calendar.Date) calendar.Date { return to - daysShown + 1 })
	if len(c.errors) == 0 {
		c.require(days.To-days.From < maxDaysShown, "from", "must be at most 365 days before to: a range has at most 366 days. Without to, it ends yesterday")
	}
	return days
}

// bounds reads from and to without limiting their distance. first is used if from is missing.
func (a API) bounds(c *formCheck, query url.Values, first func(to calendar.Date) calendar.Date) calendar.Range {
	days := calendar.LastDays(1, a.Now())
	if given := query.Get("to"); given != "" {
		days.To = parse(c, "to", &given, a.parseDay)
	}
	days.From = first(days.To)
	if given := query.Get("from"); given != "" {
		days.From = parse(c, "from", &given, a.parseDay)
	}
	if len(c.errors) == 0 {
		c.require(days.From <= days.To, "from", "must not be after to, which is yesterday where it is left out")
	}
	return days
}

// parseDay accepts days that are not in the future and not before GitHub existed. A range can be counted back from each of them.
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
