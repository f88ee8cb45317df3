package adminapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// periodsOf has the kinds of periods into which a range can be divided.
type periodsOf struct {
	name  string // the name of the list in the answer
	shown int    // the number of periods if no range is given
	most  int
	first func(to calendar.Date, n int) calendar.Date // returns the first day of n periods, the last of which contains to
	read  func(ctx context.Context, c *connector.Connector, days calendar.Range) ([]usage.Period, error)
}

func (a API) periodsBy(by string) (periodsOf, bool) {
	switch by {
	case "month":
		return periodsOf{name: "months", shown: 12, most: 24, read: a.Connectors.Usage.Months, first: func(to calendar.Date, n int) calendar.Date {
			return calendar.DateOf(to.FirstOfMonth().Start().AddDate(0, 1-n, 0))
		}}, true
	case "week":
		return periodsOf{name: "weeks", shown: 12, most: 26, read: a.Connectors.Usage.Weeks, first: func(to calendar.Date, n int) calendar.Date {
			return to.EndOfWeek() - calendar.Date(7*n) + 1
		}}, true
	}
	return periodsOf{}, false
}

// showPeriods answers GET /connectors/{id}/usage with by: the months or weeks of a range.
func (a API) showPeriods(w *edge.Answer, r *http.Request, c *connector.Connector, query url.Values) *problem {
	by := query.Get("by")
	periods, ok := a.periodsBy(by)
	if !ok {
		return invalid(edge.FieldError{Field: "by", Detail: "must be month or week"})
	}
	var check formCheck
	check.goWith("by", query, []string{"by", "from", "to"})
	days := a.bounds(&check, query, func(to calendar.Date) calendar.Date { return periods.first(to, periods.shown) })
	if len(check.errors) == 0 {
		check.require(days.From >= periods.first(days.To, periods.most), "from",
			fmt.Sprintf("must not be so long before to: there are %d %s at most, and to is yesterday where it is left out", periods.most, periods.name))
	}
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	list, err := periods.read(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", map[string][]usage.Period{periods.name: list})
	return nil
}
