package githubsim

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

func (s *Server) seats(w http.ResponseWriter, r *http.Request, v visit) {
	people := s.population(v.account)
	grants := people.grants()
	page := pageOf(r.URL.Query(), len(grants))
	today := people.today
	listed := make([]seat, 0, page.size)
	for _, g := range grants[page.from:page.to] {
		listed = append(listed, people.seat(g, today))
	}
	if link := page.linkHeader(r); link != "" {
		w.Header().Set("Link", link)
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"total_seats": people.everybody() + v.account.UnassignedSeats,
		"seats":       listed,
	})
}

func (s *Server) billing(w http.ResponseWriter, _ *http.Request, v visit) {
	people := s.population(v.account)
	today := people.today
	cycle := firstOfNextMonth(today).AddDate(0, -1, 0)
	var added, leaving, active int
	for user := range people.everybody() {
		if !people.seatCreated(user, today).Before(cycle) {
			added++
		}
		if people.leaving(user) {
			leaving++
		}
		if at, ok := people.lastActivity(user, today); ok && !at.Before(cycle) {
			active++
		}
	}
	total := people.everybody() + v.account.UnassignedSeats
	writeJSON(w, http.StatusOK, map[string]any{
		"seat_breakdown": map[string]int{
			"total": total, "added_this_cycle": added, "pending_cancellation": leaving,
			"pending_invitation": v.account.UnassignedSeats, "active_this_cycle": active, "inactive_this_cycle": total - active,
		},
		"seat_management_setting": "assign_selected",
		"public_code_suggestions": "block",
		"ide_chat":                "enabled",
		"platform_chat":           "enabled",
		"cli":                     "enabled",
		"plan_type":               v.account.Plan,
	})
}

// page is a window of a list: entries from (inclusive) to (exclusive).
type page struct {
	number, last, size, from, to int
}

// pageOf reads page and per_page. Like GitHub it uses the default for an invalid value.
func pageOf(query url.Values, entries int) page {
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil || number < 1 {
		number = 1
	}
	size, err := strconv.Atoi(query.Get("per_page"))
	if err != nil || size < 1 {
		size = 50
	}
	size = min(size, 100)
	last := max((entries+size-1)/size, 1)
	from := min((min(number, last+1)-1)*size, entries)
	return page{number: number, last: last, size: size, from: from, to: min(from+size, entries)}
}

func (p page) linkHeader(r *http.Request) string {
	var links []string
	add := func(rel string, number int) {
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(number))
		query.Set("per_page", strconv.Itoa(p.size))
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		target := url.URL{Scheme: scheme, Host: r.Host, Path: r.URL.Path, RawQuery: query.Encode()}
		links = append(links, fmt.Sprintf("<%s>; rel=%q", target.String(), rel))
	}
	if p.number < p.last {
		add("next", p.number+1)
		add("last", p.last)
	}
	if p.number > 1 {
		add("first", 1)
		add("prev", min(p.number-1, p.last))
	}
	return strings.Join(links, ", ")
}
