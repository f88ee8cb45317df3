package adminapi

import (
	"errors"
	"net/http"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// seatsAtOnce is how many seats one answer lists.
const seatsAtOnce = 1000

// showSeats answers GET /connectors/{id}/seats: the newest snapshot, its list some at a time.
func (a API) showSeats(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	from := check.seatPlace(r.URL.Query().Get("next"))
	if p := check.problem(); p != nil {
		return p
	}
	seats, err := a.Connectors.Spend.Seats(r.Context(), c)
	switch {
	case err != nil:
		return failure(err)
	case seats == nil:
		return newProblem(http.StatusNotFound, "not_found", "The seats of this connector have not been read: "+whyNoSeats(c))
	}
	answer := struct {
		cost.SeatSummary
		Seats []cost.SeatRow `json:"seats"`
		Next  *string        `json:"next"`
	}{SeatSummary: seats.SeatSummary, Seats: []cost.SeatRow{}}
	if from < len(seats.Rows) {
		answer.Seats = seats.Rows[from:min(len(seats.Rows), from+seatsAtOnce)]
	}
	if from+seatsAtOnce < len(seats.Rows) {
		answer.Next = new(strconv.Itoa(from + seatsAtOnce))
	}
	writeJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

func whyNoSeats(c *connector.Connector) string {
	if c.Capabilities.Seats == connector.CapabilityDenied {
		return "its token may not list them."
	}
	return "the next poll tries to."
}

// seatPlace reads where a list of seats goes on; empty: at its beginning.
func (c *formCheck) seatPlace(given string) int {
	if given == "" {
		return 0
	}
	place, err := strconv.Atoi(given)
	c.require(err == nil && place > 0, "next", usage.ErrNext.Error())
	return place
}

// showCost answers GET /connectors/{id}/cost.
func (a API) showCost(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	period := a.month(&check, r.URL.Query().Get("month"))
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

// month reads YYYY-MM; empty: this month, up to yesterday.
func (a API) month(c *formCheck, given string) cost.Period {
	if given == "" {
		return cost.MonthToDate(a.Now())
	}
	period, err := cost.ParseMonth(given, a.Now())
	if err != nil {
		c.require(false, "month", err.Error())
	}
	return period
}

// prices says what is wrong with agreed prices.
func (c *formCheck) prices(text []byte) {
	_, err := cost.ParseAgreed(text)
	wrong, _ := errors.AsType[cost.InvalidPrices](err)
	for _, price := range wrong {
		field := "prices"
		if price.Field != "" {
			field += "." + price.Field
		}
		c.require(false, field, price.Detail)
	}
}
