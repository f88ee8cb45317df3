package adminapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/listing"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// daysAtOnce is the number of days of an export that are read at a time.
const daysAtOnce = 28

// exportedRange reads the range of a table. It puts the range into the query, from which the address of the next part is made: without it
// a part that is asked for after midnight would have other days.
func (a API) exportedRange(check *formCheck, query url.Values) calendar.Range {
	days := a.dateRange(check, query)
	query.Set("from", days.From.String())
	query.Set("to", days.To.String())
	return days
}

// exportUsage writes a row for each day, or with by= a row for each day and part.
func (a API) exportUsage(r *http.Request, c *connector.Connector, query url.Values, p *part) *problem {
	var check formCheck
	days, by := a.exportedRange(&check, query), query.Get("by")
	write, ok := tablesOfDays[by]
	check.require(ok, "by", "must be one of "+strings.Join(slices.Sorted(maps.Keys(tablesOfDays))[1:], ", ")+", or left out")
	if next := query.Get("next"); next != "" {
		from, err := calendar.ParseDate(next)
		check.require(err == nil && days.From < from && from <= days.To, "next", listing.ErrNext.Error())
	}
	if wrong := check.problem(); wrong != nil {
		return wrong
	}
	p.name = fmt.Sprintf("usage-%s-to-%s", days.From, days.To)
	if by != "" {
		p.name += "-by-" + by
	}
	return listFailure(write(r.Context(), a, c, days, query.Get("next"), p))
}

// tablesOfDays are the tables of usage by the value of by. The empty value does not split a day.
var tablesOfDays = map[string]func(ctx context.Context, a API, c *connector.Connector, days calendar.Range, next string, p *part) error{
	"":         ofDays(export.DayOf),
	"editor":   ofDays(export.EditorsOf),
	"language": ofDays(export.LanguagesOf),
	"model":    ofDays(export.CompletionModelsOf),
	"feature":  ofDays(export.FeaturesOf),
	"tool":     ofDays(export.ToolsOf),
	"phase":    ofDays(export.PhasesOf),
	"team":     ofTeams,
}

// ofTeams writes a row for each day and team. A page is one day, because days with thousands of teams soon fill a part.
func ofTeams(ctx context.Context, a API, c *connector.Connector, days calendar.Range, next string, p *part) error {
	return rows(p, next, eachDay(func(row export.TeamDay) calendar.Date { return row.Date }, somePages(days, func(some calendar.Range) (list []export.TeamDay, err error) {
		read, err := a.Connectors.Usage.TeamRows(ctx, c, some)
		for i := range read {
			row := &read[i]
			list = append(list, export.TeamDayOf(row.Date, row.State, row.Basis, row.Team, &row.Usage))
		}
		return list, err
	})))
}

// ofDays returns a table with the rows of each day.
func ofDays[Row any](rowsOf func(*metrics.Day) []Row) func(context.Context, API, *connector.Connector, calendar.Range, string, *part) error {
	return func(ctx context.Context, a API, c *connector.Connector, days calendar.Range, next string, p *part) error {
		return rows(p, next, pagesOfDays(ctx, a, c, days, rowsOf))
	}
}

// pagesOfDays reads some days at a time.
func pagesOfDays[Row any](ctx context.Context, a API, c *connector.Connector, days calendar.Range, rowsOf func(*metrics.Day) []Row,
) func(place string) ([]Row, string, error) {
	return somePages(days, func(some calendar.Range) (list []Row, err error) {
		read, err := a.Connectors.Usage.Days(ctx, c, some)
		for i := range read {
			list = append(list, rowsOf(&read[i])...)
		}
		return list, err
	})
}

// somePages reads some days of a range at a time. A place is the first day of a page.
func somePages[Row any](days calendar.Range, read func(some calendar.Range) ([]Row, error)) func(place string) ([]Row, string, error) {
	return func(place string) (list []Row, next string, err error) {
		some := days
		if place != "" {
			if some.From, err = calendar.ParseDate(place); err != nil {
				return nil, "", err
			}
		}
		if some.To = some.From + daysAtOnce - 1; some.To >= days.To {
			some.To = days.To
		} else {
			next = (some.To + 1).String()
		}
		list, err = read(some)
		return list, next, err
	}
}

// eachDay divides pages that begin with a day into pages of one day.
func eachDay[Row any](dateOf func(Row) calendar.Date, pages func(place string) ([]Row, string, error)) func(place string) ([]Row, string, error) {
	var rest []Row   // of the page that was read last
	var after string // the place of the page after it
	return func(place string) (list []Row, next string, err error) {
		if len(rest) == 0 {
			if rest, after, err = pages(place); err != nil || len(rest) == 0 {
				return nil, after, err
			}
		}
		day := dateOf(rest[0])
		end := slices.IndexFunc(rest, func(row Row) bool { return dateOf(row) != day })
		if end < 0 {
			list, rest = rest, nil
			return list, after, nil
		}
		list, rest = rest[:end], rest[end:]
		return list, dateOf(rest[0]).String(), nil
	}
}

// exportUsers writes a row for each person, in the requested order if there is one.
func (a API) exportUsers(r *http.Request, c *connector.Connector, query url.Values, p *part) *problem {
	var check formCheck
	days := a.exportedRange(&check, query)
	list, ordered := check.userList(query)
	if wrong := check.problem(); wrong != nil {
		return wrong
	}
	p.name = fmt.Sprintf("users-%s-to-%s", days.From, days.To)
	written := func(users usage.Users) ([]export.User, string) {
		next := ""
		if users.Next != nil {
			next = *users.Next
		}
		return export.UsersOf(users.Users, users.People), next
	}
	if ordered {
		some, err := a.Connectors.Usage.AllSortedUsers(r.Context(), c, days, list, query.Get("next"))
		if err != nil {
			return usersFailure(days, err)
		}
		return listFailure(inMemory(p, func() ([]export.User, string) { return written(some()) }))
	}
	some, err := a.Connectors.Usage.AllUsers(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	return listFailure(rows(p, query.Get("next"), func(place string) ([]export.User, string, error) {
		users, err := some(place)
		list, next := written(users)
		return list, next, err
	}))
}

// exportSeats writes a row for each seat of a snapshot.
func (a API) exportSeats(r *http.Request, c *connector.Connector, query url.Values, p *part) *problem {
	var check formCheck
	list, wrong := a.seats(r, c, &check, query)
	if wrong != nil {
		return wrong
	}
	p.name = "seats-" + calendar.DateOf(list.AsOf).String()
	return listFailure(inMemory(p, func() ([]export.Seat, string) {
		seats, next := list.page()
		table := make([]export.Seat, 0, len(seats))
		for _, row := range seats {
			table = append(table, export.SeatOf(list.AsOf, row))
		}
		return table, next
	}))
}

// exportCost writes a row for each team of a month, with by=model a row for each model, or the charges by FOCUS.
func (a API) exportCost(r *http.Request, c *connector.Connector, query url.Values, p *part) *problem {
	var check formCheck
	period, by := a.month(&check, query), query.Get("by")
	check.require(by == "" || (by == "team" || by == "model") && p.format != formatFOCUS, "by", "must be team or model, and left out with the format focus")
	if wrong := check.problem(); wrong != nil {
		return wrong
	}
	if p.format == formatFOCUS {
		return a.exportFOCUS(r, c, period, query.Get("next"), p)
	}
	month, err := a.Connectors.Spend.Month(r.Context(), c, period)
	if err != nil {
		return failure(err)
	}
	p.name = "cost-" + month.Month
	if by == "model" {
		p.name += "-by-model"
		return listFailure(unchanged(p, query.Get("next"), export.ModelsOf(&month)))
	}
	return listFailure(unchanged(p, query.Get("next"), export.TeamsOf(&month)))
}

// exportFOCUS writes the charges of a month by FOCUS.
func (a API) exportFOCUS(r *http.Request, c *connector.Connector, period cost.Period, next string, p *part) *problem {
	charges, err := a.Connectors.Spend.Charges(r.Context(), c, period)
	if err != nil {
		return failure(err)
	}
	if charges.SeatCost == nil {
		return newProblem(http.StatusNotFound, "cost_not_known",
			"FOCUS has no charges without an amount, and what the seats of this month cost is not known: "+charges.Reasons["seatCost"])
	}
	p.name = "cost-" + charges.Month.Month + "-focus-1.2"
	return listFailure(unchanged(p, next, export.ChargesOf(c.Account, charges)))
}

// rowsAtOnce is the number of rows of a table in memory that are written at a time.
const rowsAtOnce = 1000

// listed writes a list from a place on.
func listed[Row any](p *part, next string, list *listing.List[Row]) error {
	at, err := listing.Parse(next)
	if err == nil {
		err = list.GoOn(at)
	}
	if err != nil {
		return err
	}
	return inMemory(p, func() ([]Row, string) { return list.Next(rowsAtOnce) })
}

// unchanged writes a list from a place on, if no row has changed since the first part: the amounts of all parts add up.
func unchanged[Row any](p *part, next string, list []Row) error {
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return listed(p, next, listing.New(string(text), list, func(Row) string { return "" }))
}

// listFailure returns the problem for an error while a list or a table is read.
func listFailure(err error) *problem {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, listing.ErrNext), errors.Is(err, listing.ErrOtherList):
		return invalid(edge.FieldError{Field: "next", Detail: err.Error()})
	case errors.Is(err, errTooLong):
		return ours(edge.TooLong(inParts))
	case errors.Is(err, errTooSlow):
		return ours(edge.TooSlow(inParts))
	}
	return failure(err)
}
