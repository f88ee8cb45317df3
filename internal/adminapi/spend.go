package adminapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// seatsAtOnce is how many seats one answer lists.
const seatsAtOnce = 1000

// showSeats answers GET /connectors/{id}/seats: a snapshot, its list some at a time.
func (a API) showSeats(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	seats, place, p := a.seats(r, c, &check, check.query(r))
	if p != nil {
		return p
	}
	first, last := place.window(seats)
	answer := struct {
		cost.SeatSummary
		Seats []cost.SeatRow `json:"seats"`
		Next  *string        `json:"next"`
	}{SeatSummary: seats.SeatSummary, Seats: seats.Rows[first:last], Next: orNull(seatsFrom(seats, last))}
	writeJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// seats reads the newest snapshot, with date that of the day or the newest before. A list that was begun goes on in the
// same one only, so that everybody is in it once.
func (a API) seats(r *http.Request, c *connector.Connector, check *formCheck, query url.Values) (*spend.Seats, seatPlace, *problem) {
	place := check.seatPlace(query.Get("next"))
	var asOf *calendar.Date
	if given := query.Get("date"); given != "" {
		asOf = new(parse(check, "date", &given, parseDay))
	}
	if p := check.problem(); p != nil {
		return nil, place, p
	}
	seats, err := a.Connectors.Spend.Seats(r.Context(), c, asOf)
	switch {
	case err != nil:
		return nil, place, failure(err)
	case seats == nil && asOf != nil:
		return nil, place, newProblem(http.StatusNotFound, "seats_not_read",
			"No list of the seats is kept of "+asOf.String()+" or of the "+strconv.Itoa(spend.Kept)+" days before.")
	case seats == nil:
		return nil, place, newProblem(http.StatusNotFound, "seats_not_read", "The seats of this connector have not been read"+whyNoSeats(c))
	case place.first > 0 && place.asOf != seats.AsOf.Unix():
		return nil, place, invalid(fieldError{"next", "belongs to seats that were read anew meanwhile: begin again without it"})
	}
	return seats, place, nil
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

// seatPlace is where a list of seats goes on: in which snapshot, at which seat.
type seatPlace struct {
	asOf  int64 // Unix seconds
	first int
}

var seatPlacePattern = regexp.MustCompile(`^([0-9]{1,12})-([1-9][0-9]{0,6})$`)

// seatPlace reads where a list of seats goes on; empty: at its beginning.
func (c *formCheck) seatPlace(given string) (place seatPlace) {
	if given == "" {
		return place
	}
	parts := seatPlacePattern.FindStringSubmatch(given)
	c.require(parts != nil, "next", usage.ErrNext.Error())
	if parts != nil { // digits that fit
		place.asOf, _ = strconv.ParseInt(parts[1], 10, 64)
		place.first, _ = strconv.Atoi(parts[2])
	}
	return place
}

// window is which seats the answer lists.
func (p seatPlace) window(seats *spend.Seats) (first, last int) {
	first = min(p.first, len(seats.Rows))
	return first, min(first+seatsAtOnce, len(seats.Rows))
}

// seatsFrom is the place of a seat, empty at the end of the list.
func seatsFrom(seats *spend.Seats, first int) string {
	if first == len(seats.Rows) {
		return ""
	}
	return fmt.Sprintf("%d-%d", seats.AsOf.Unix(), first)
}

// showCost answers GET /connectors/{id}/cost.
func (a API) showCost(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	period := a.month(&check, check.query(r))
	if p := check.problem(); p != nil {
		return p
	}
	month, err := a.Connectors.Spend.Month(r.Context(), c, period)
	if err != nil {
		return failure(err)
	}
	writeJSON(w, http.StatusOK, "application/json", month)
	return nil
}

// month reads YYYY-MM. Left out or empty it is the month that runs, up to today.
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

// prices reads agreed prices; nil: none were given.
func (c *formCheck) prices(given json.RawMessage) *cost.Agreed {
	if given == nil || string(given) == "null" {
		return nil
	}
	agreed, err := cost.ParseAgreed(given)
	wrong, _ := errors.AsType[cost.InvalidPrices](err)
	for _, price := range wrong {
		field := "prices"
		if price.Field != "" {
			field += "." + price.Field
		}
		c.require(false, field, price.Detail)
	}
	return &agreed
}
