package adminapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/usage"
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
	}{Summary: list.Summary, Teams: seat.Teams(list.Rows), Found: len(list.shown), Seats: rows, Next: orNull(next)}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// seatList has the selected seats of a snapshot in their order, and the place at which an answer begins.
type seatList struct {
	*spend.Seats
	shown []*seat.Row
	order uint32 // a checksum, which is different for different lists of a snapshot
	first int
	most  int // the most rows of one answer
}

// seats reads the newest snapshot, or with date the newest one up to that day.
func (a API) seats(r *http.Request, c *connector.Connector, check *formCheck, query url.Values) (*seatList, *problem) {
	filter := check.seatFilter(query)
	var asOf *calendar.Date
	if given := query.Get("date"); given != "" {
		asOf = new(parse(check, "date", &given, a.parseDay))
	}
	next := query.Get("next")
	check.require(next == "" || seatPlace.MatchString(next), "next", usage.ErrNext.Error())
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
	list := &seatList{Seats: seats, shown: filter.Of(seats.Rows), order: checksum(filter, seats.IdleAfterDays, c.ShowPeople), most: cmp.Or(a.MaxSeats, seatsAtOnce)}
	if next != "" && !list.goOn(next) {
		return nil, invalid(edge.FieldError{Field: "next", Detail: "belongs to another list, or to seats that were read anew meanwhile: begin again without it"})
	}
	return list, nil
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

// seatPlace is the form of a place in a list of seats: the snapshot in Unix seconds, the checksum of the list, and the row.
var seatPlace = regexp.MustCompile(`^[0-9]{1,12}-[0-9a-f]{8}-[1-9][0-9]{0,6}$`)

// place returns the place of a row, or "" at the end of the list.
func (l *seatList) place(row int) string {
	if row >= len(l.shown) {
		return ""
	}
	return fmt.Sprintf("%d-%08x-%d", l.AsOf.Unix(), l.order, row)
}

// goOn lets the list begin at a place. It reports whether the place belongs to this list, so that every seat is shown once.
func (l *seatList) goOn(place string) bool {
	l.first, _ = strconv.Atoi(place[strings.LastIndex(place, "-")+1:]) // the pattern allows only digits that fit
	return place == l.place(l.first)
}

// page returns the rows of one answer, and the place of the next.
func (l *seatList) page() (rows []*seat.Row, next string) {
	last := min(l.first+l.most, len(l.shown))
	return l.shown[l.first:last], l.place(last)
}

// checksum is the same for lists with the same seats in the same order.
func checksum(list seat.List, idleAfterDays int, people privacy.Mode) uint32 {
	return crc32.ChecksumIEEE(fmt.Appendf(nil, "%q %q %q %q %t %d %s",
		list.Statuses, strings.ToLower(list.Team), strings.ToLower(list.Login), cmp.Or(list.Sort, "login"), list.Descending, idleAfterDays, people))
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
