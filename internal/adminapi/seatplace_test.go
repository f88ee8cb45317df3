//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// restate stores a restated report of yesterday, by which these people and nobody else were active.
func (a *app) restate(saved string, people []metrics.UserDay) {
	a.t.Helper()
	ref := connector.Ref{Tenant: "acme", ID: path.Base(saved)}
	day, err := a.store.Day(a.t.Context(), ref, calendar.DateOf(noon)-1)
	if err != nil {
		a.t.Fatal(err)
	}
	var roster metrics.Roster
	for i := range people {
		if err := roster.Add(&people[i]); err != nil {
			a.t.Fatal(err)
		}
	}
	packed := ledger.PackedPeople{People: roster.People(day.Date).Bytes()}
	packed.Pages, packed.Details = roster.Pages()
	day.Users = &ledger.Users{Hash: roster.ContentHash(), Pages: len(packed.Pages), People: int64(len(people))}
	if err := a.store.Commit(a.t.Context(), ref, *day, &packed); err != nil {
		a.t.Fatal(err)
	}
}

// holders returns the people of seats, each active on a day.
func holders(seats []seatRow) (people []metrics.UserDay) {
	for _, row := range seats {
		if row.UserID != nil {
			people = append(people, metrics.UserDay{UserID: *row.UserID, Login: *row.Login, Engaged: true})
		}
	}
	return people
}

// follow returns how often each login comes in an answer and those that follow it. refused reports whether one of these is
// refused because of its place.
func (a *app) follow(saved, query string, first seatsAnswer) (times map[string]int, refused bool) {
	a.t.Helper()
	times = map[string]int{}
	for part := first; ; {
		for _, row := range part.Seats {
			times[orEmpty(row.Login)]++
		}
		if part.Next == nil {
			return times, false
		}
		at := query + "&next=" + url.QueryEscape(*part.Next)
		got := a.send(http.MethodGet, saved+"/seats?"+at, "")
		if file := a.send(http.MethodGet, saved+"/export?kind=seats&format=csv&part=2&"+at, ""); file.status != got.status {
			a.t.Errorf("%s: the list got %d, and the export %d", query, got.status, file.status)
		}
		if got.status == http.StatusBadRequest && got.Errors[0].Field == "next" && strings.Contains(got.Detail, "begin again") {
			return times, true
		}
		if got.status != http.StatusOK {
			a.t.Fatalf("%s got %d %s", at, got.status, got.body)
		}
		part = decode[seatsAnswer](a.t, got)
	}
}

// A list of seats changes after its first answer, although no list was read from GitHub. It must be refused if a seat would be lost
// or come twice, and must go on otherwise.
func TestNoSeatIsLostOrShownTwiceInAListThatChanges(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.FirstDay, account.UnassignedSeats = 50, "2026-11-20", 2
	a := prepare(t, account)
	a.api.MaxSeats = 4
	a.serve()
	saved := a.saved()
	everybody := a.seats(saved + "/seats").Found
	firstActive := func(first seatsAnswer) { a.restate(saved, holders(first.Seats[:3])) }
	forget := func(first seatsAnswer) { a.forget(saved, fmt.Sprint(*first.Seats[2].UserID)) }
	for _, test := range []struct {
		query   string
		change  func(first seatsAnswer)
		refused bool
	}{
		{"sort=login", func(seatsAnswer) {}, false},
		{"sort=lastActiveDay", func(seatsAnswer) {}, false},
		{"sort=login", firstActive, false},
		{"sort=lastActiveDay", firstActive, true},
		{"sort=idleDays&order=desc", firstActive, true},
		{"status=idle,never_used,unknown,new", firstActive, true},
		{"sort=login", forget, true},
		{"sort=login&order=desc", func(seatsAnswer) { a.drain() }, false}, // the person is taken out of what is stored
		{"sort=login", func(seatsAnswer) { a.send(http.MethodPatch, saved, `{"idleAfterDays":7}`) }, true},
		{"sort=lastActiveDay", func(seatsAnswer) { a.showPeople(saved, "pseudonymous") }, true},
	} {
		a.restate(saved, nil)
		first := a.seats(saved + "/seats?" + test.query)
		test.change(first)
		times, refused := a.follow(saved, test.query, first)
		if refused != test.refused {
			t.Errorf("%s: refused %v, want %v", test.query, refused, test.refused)
		}
		all := 0
		for login, n := range times {
			if all += n; n > 1 && login != "" {
				t.Errorf("%s: %s comes %d times", test.query, login, n)
			}
		}
		if !refused && all != everybody {
			t.Errorf("%s: %d seats of %d", test.query, all, everybody)
		}
	}
}
