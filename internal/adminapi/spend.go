package adminapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/listing"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
)

// seatsAtOnce is the number of seats in one answer, unless API.MaxSeats is set.
const seatsAtOnce = 1000

// seatParameters are the query parameters of a list of seats and of its export.
var seatParameters = []string{"date", "status", "team", "q", "sort", "order"}

// supposing returns the connector with the query's idleAfterDays, so that a person can try another number before saving it.
func (c *formCheck) supposing(saved *connector.Connector, query url.Values) *connector.Connector {
	given := query.Get("idleAfterDays")
	if given == "" {
		return saved
	}
	days, _ := strconv.Atoi(given) // 0 if it is not a number, and 0 is refused
	c.idleAfterDays(days)
	supposed := *saved
	supposed.IdleAfterDays = days
	return &supposed
}

// showSeats answers GET /connectors/{id}/seats with a snapshot and a part of its list.
func (a API) showSeats(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := r.URL.Query()
	list, p := a.seats(r, check.supposing(c, query), &check, query)
	if p != nil {
		return p
	}
	rows, next := list.page()
	answer := struct {
		seat.Summary
		Teams []string    `json:"teams"` // those that gave any of the seats, whether the list shows these or not
		Found int         `json:"found"` // the number of seats in all answers of the list
		Seats []*seat.Row `json:"seats"`
		Next  *string     `json:"next"`
	}{Summary: list.Summary, Teams: seat.Teams(list.Rows), Found: list.found, Seats: rows, Next: orNull(next)}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// seatList has the selected seats of a snapshot in their order, from the place on at which an answer begins.
type seatList struct {
	*spend.Seats
	found int
	rest  *listing.List[*seat.Row]
	most  int // the most rows of one answer
}

// seats reads the newest snapshot, or with date the newest one up to that day.
func (a API) seats(r *http.Request, c *connector.Connector, check *formCheck, query url.Values) (*seatList, *problem) {
	filter := check.seatFilter(query)
	var asOf *calendar.Date
	if given := query.Get("date"); given != "" {
		asOf = new(parse(check, "date", &given, a.parseDay))
	}
	at := parse(check, "next", new(query.Get("next")), listing.Parse)
	if p := check.problem(); p != nil {
		return nil, p
	}
	seats, err := a.Connectors.Spend.Seats(r.Context(), c, asOf)
	switch {
	case err != nil:
		return nil, failure(err)
	case seats == nil && asOf != nil:
		return nil, newProblem(http.StatusNotFound, "seats_not_read",
			"No list of the seats is kept of "+asOf.String()+" or of the "+strconv.Itoa(spend.Kept)+" days before. Choose a later date.")
	case seats == nil:
		return nil, newProblem(http.StatusNotFound, "seats_not_read", "The seats of this connector have not been read"+whyNoSeats(c))
	}
	shown := filter.Of(seats.Rows)
	list := &seatList{seats, len(shown), listing.New(queryOf(filter, seats, c.ShowPeople), shown, identity), cmp.Or(a.MaxSeats, seatsAtOnce)}
	return list, listFailure(list.rest.GoOn(at))
}

// seatFilter reads the selection and the order of seats.
func (c *formCheck) seatFilter(query url.Values) seat.List {
	list := seat.List{Statuses: c.statuses(query.Get("status")), Team: query.Get("team"), Login: query.Get("q"), Sort: query.Get("sort")}
	c.require(list.Sort == "" || slices.Contains(seat.Sorts(), list.Sort), "sort", "must be one of "+joined(seat.Sorts()))
	list.Descending = c.descending(query)
	return list
}

// statuses reads one or several statuses, in any order. It returns nil if none was given.
func (c *formCheck) statuses(given string) (list []seat.Status) {
	if given == "" {
		return nil
	}
	for name := range strings.SplitSeq(given, ",") {
		c.require(slices.Contains(seat.Statuses(), seat.Status(name)), "status", "must be one of "+joined(seat.Statuses())+", or several with commas between")
		list = append(list, seat.Status(name))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func joined[T ~string](words []T) string {
	var text strings.Builder
	for i, word := range words {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(string(word))
	}
	return text.String()
}

func whyNoSeats(c *connector.Connector) string {
	switch {
	case c.Capabilities.Seats == access.Denied:
		return ", because its token may not list them: Verify says in the check seats which permission opens them."
	case c.LastPoll == nil:
		return " yet: its first poll is not over."
	}
	return " so far: lastPoll of the connector says why, and the next poll tries again."
}

// page returns the rows of one answer, and the place of the next.
func (l *seatList) page() (rows []*seat.Row, next string) { return l.rest.Next(l.most) }

// queryOf returns a text that is different for lists of different snapshots, selections and orders.
func queryOf(list seat.List, of *spend.Seats, people privacy.Mode) string {
	return fmt.Sprintf("%q %q %q %q %t %d %s %d",
		list.Statuses, strings.ToLower(list.Team), strings.ToLower(list.Login), cmp.Or(list.Sort, "login"), list.Descending, of.IdleAfterDays, people, of.AsOf.Unix())
}

// identity returns a text by which a seat is recognised: its person, or if there is none, everything that is known about it.
func identity(row *seat.Row) string {
	switch {
	case row.UserID != nil:
		return strconv.FormatInt(*row.UserID, 10)
	case row.Login != nil:
		return *row.Login
	}
	text, _ := json.Marshal(row) // cannot fail: a row has only texts, numbers and times
	return string(text)
}

// showSeatHistory answers GET /connectors/{id}/seats/history with the number of seats by status over time.
func (a API) showSeatHistory(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	days := a.dateRange(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	list, err := a.Connectors.Spend.SeatHistory(r.Context(), c, days)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", map[string][]spend.SeatDay{"days": list})
	return nil
}

// showCost answers GET /connectors/{id}/cost.
func (a API) showCost(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	period := a.month(&check, r.URL.Query())
	if p := check.problem(); p != nil {
		return p
	}
	month, err := a.Connectors.Spend.ComparedMonth(r.Context(), c, period)
	if err != nil {
		return failure(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", month)
	return nil
}

// month reads YYYY-MM. Without it, the period is the current month up to today.
func (a API) month(c *formCheck, query url.Values) cost.Period {
	given := query.Get("month")
	if given == "" {
		return cost.MonthToDate(a.Now())
	}
	period, err := cost.ParseMonth(given, a.Now())
	if err == nil && period.From.Start().Year() < 1970 {
		err = errors.New("must not lie before 1970")
	}
	if err != nil {
		c.require(false, "month", err.Error())
	}
	return period
}

// prices reads agreed prices. It returns nil if none were given.
func (c *formCheck) prices(given json.RawMessage) *money.Agreed {
	if given == nil {
		return nil
	}
	agreed, err := money.ParseAgreed(given)
	wrong, _ := errors.AsType[money.InvalidPrices](err)
	for _, price := range wrong {
		field := "prices"
		if price.Field != "" {
			field += "." + price.Field
		}
		c.require(false, field, price.Detail)
	}
	return &agreed
}
