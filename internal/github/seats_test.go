package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func TestSeatsAreListedOverAllPages(t *testing.T) {
	for people, pages := range map[int]int{0: 1, 1: 1, 100: 1, 101: 2, 1234: 13} {
		for name, linked := range map[string]bool{"with Link header": true, "without": false} {
			t.Run(fmt.Sprint(people, name), func(t *testing.T) {
				sim, _ := simulate(t, func(a *githubsim.Account) { a.Seats, a.UnassignedSeats = people, 0 })
				gh := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if !linked {
						w = withoutLink{w}
					}
					sim.ServeHTTP(w, r)
				})
				grants, announced, err := connect(t, gh.URL).Seats(t.Context(), org, 13)
				check(t, err, "")
				if n := len(seat.OnePerPerson(grants, day)); announced != people || n != people {
					t.Errorf("announced %d, listed %d of %d", announced, n, people)
				}
				asked := make(map[string]bool)
				for _, r := range gh.seen() {
					asked[r.URL.Query().Get("page")] = true
					if size := r.URL.Query().Get("per_page"); size != "100" {
						t.Errorf("per_page %q", size)
					}
				}
				want := pages
				if people == 100 {
					want++ // GitHub names no last page if there is only one page; here that page is full
				}
				if len(asked) != want || len(gh.seen()) != want {
					t.Errorf("requested %d pages in %d calls, want %d", len(asked), len(gh.seen()), want)
				}
			})
		}
	}
}

// withoutLink drops the Link header, as some proxies do.
type withoutLink struct{ http.ResponseWriter }

func (w withoutLink) WriteHeader(status int) {
	w.Header().Del("Link")
	w.ResponseWriter.WriteHeader(status)
}

func TestPagesAfterTheFirstAreReadInParallel(t *testing.T) {
	const pages = 4
	var others sync.WaitGroup
	others.Add(pages - 1)
	gh := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") != "1" {
			others.Done()
			others.Wait()
		}
		seats := strings.Repeat(`{},`, 99) + `{}`
		if r.URL.Query().Get("page") == "4" {
			seats = `{}`
		}
		respond(http.StatusOK, `{"total_seats":301,"seats":[`+seats+`]}`)(w, r)
	})
	grants, announced, err := connect(t, gh.URL).Seats(t.Context(), org, pages)
	check(t, err, "")
	if len(grants) != 301 || announced != 301 {
		t.Errorf("%d of %d", len(grants), announced)
	}
}

// An enterprise lists more grants than people. The announced number of people therefore does not tell the number of pages.
func TestNoGrantIsLostWithoutALinkToTheLastPage(t *testing.T) {
	gh := serve(t, func(w http.ResponseWriter, r *http.Request) {
		rows := map[string]int{"1": 100, "2": 10}[r.URL.Query().Get("page")]
		respond(http.StatusOK, `{"total_seats":90,"seats":[`+strings.TrimSuffix(strings.Repeat(`{},`, rows), ",")+`]}`)(w, r)
	})
	grants, _, err := connect(t, gh.URL).Seats(t.Context(), enterprise, 10)
	check(t, err, "")
	if len(grants) != 110 {
		t.Errorf("%d of 110 grants are listed", len(grants))
	}
	_, _, err = connect(t, gh.URL).Seats(t.Context(), enterprise, 1)
	check(t, err, fault.TooMany)
}

func TestAnEnterprisesSeatsAreReadFromItsOwnPath(t *testing.T) {
	sim, client := simulate(t, ofEnterprise)
	grants, announced, err := client.Seats(t.Context(), enterprise, 10)
	check(t, err, "")
	if people := len(seat.OnePerPerson(grants, day)); people != announced || announced != 40 {
		t.Errorf("announced %d, listed %d", announced, people)
	}
	if path := sim.Calls()[0].Path; path != "/enterprises/octo-test/copilot/billing/seats" {
		t.Errorf("requested %s", path)
	}
}

func TestMorePagesThanAllowedAreOnlyCounted(t *testing.T) {
	sim, client := simulate(t, func(a *githubsim.Account) { a.Seats = 1001 })
	grants, announced, err := client.Seats(t.Context(), org, 10)
	check(t, err, fault.TooMany)
	if grants != nil || announced != 1001 || len(sim.Calls()) != 1 {
		t.Errorf("%d listed, %d announced, %d calls", len(grants), announced, len(sim.Calls()))
	}
	const absurd = `<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=2000000000>; rel="last"`
	_, announced, err = answering(t, respond(200, `{"total_seats":7,"seats":[]}`, "Link", absurd)).Seats(t.Context(), org, 10)
	check(t, err, fault.TooMany)
	if announced != 7 {
		t.Errorf("announced %d", announced)
	}
}

func TestSeatsThatDoNotAddUpAreAnError(t *testing.T) {
	page := func(body string) http.HandlerFunc { return respond(http.StatusOK, body) }
	hundred := strings.Repeat(`{},`, 99) + `{}`
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    fault.Code
	}{
		"an empty page before a full one": {
			inTurn(page(`{"total_seats":150,"seats":[]}`), page(`{"total_seats":150,"seats":[`+hundred+`]}`)), fault.Unexpected,
		},
		"no list":                 {page(`{"total_seats":2}`), fault.Unexpected},
		"no total":                {page(`{"seats":[{}]}`), fault.Unexpected},
		"nothing":                 {page(`{}`), fault.Unexpected},
		"negative total":          {page(`{"total_seats":-1,"seats":[]}`), fault.Unexpected},
		"total in words":          {page(`{"total_seats":"2","seats":[{},{}]}`), fault.Unexpected},
		"an impossible total":     {page(`{"total_seats":10000001,"seats":[{}]}`), fault.Unexpected},
		"total beyond 64 bits":    {page(`{"total_seats":99999999999999999999,"seats":[]}`), fault.Unexpected},
		"total with a fraction":   {page(`{"total_seats":1.5,"seats":[]}`), fault.Unexpected},
		"a seat is not an object": {page(`{"total_seats":1,"seats":["octocat"]}`), fault.Unexpected},
		"a page is refused":       {inTurn(page(`{"total_seats":150,"seats":[`+hundred+`]}`), refuse(403, "no")), fault.Refused},
		"a page is cut":           {inTurn(page(`{"total_seats":150,"seats":[`+hundred+`]}`), cut("{", "Content-Length", "9")), fault.Unreachable},
		"some are withheld": {
			respond(200, `{"total_seats":1,"seats":[{}]}`, "X-GitHub-SSO", "partial-results; organizations=21955855,20582480"), fault.SSOPartial,
		},
		"payment": {refuse(422, "There is a problem with your account's associated payment method."), fault.Payment},
	} {
		t.Run(name, func(t *testing.T) {
			grants, _, err := answering(t, test.handler).Seats(t.Context(), org, 10)
			check(t, err, test.want)
			if grants != nil {
				t.Errorf("%d grants were returned beside the error", len(grants))
			}
		})
	}
}

func TestSeatsThatGitHubCountsButDoesNotListAreReported(t *testing.T) {
	t.Parallel()
	page := func(body string) http.HandlerFunc { return respond(http.StatusOK, body) }
	hundred := strings.Repeat(`{},`, 99) + `{}`
	for name, test := range map[string]struct {
		handler           http.HandlerFunc
		listed, announced int
	}{
		"a row is missing":       {page(`{"total_seats":3,"seats":[{},{}]}`), 2, 3},
		"the last page is empty": {inTurn(page(`{"total_seats":107,"seats":[`+hundred+`]}`), page(`{"total_seats":107,"seats":[]}`)), 100, 107},
		"none is listed":         {page(`{"total_seats":3,"seats":[]}`), 0, 3},
	} {
		grants, announced, err := answering(t, test.handler).Seats(t.Context(), org, 10)
		check(t, err, "")
		if len(grants) != test.listed || announced != test.announced {
			t.Errorf("%s: %d of %d", name, len(grants), announced)
		}
	}
}

func TestAnEmptyListOfSeats(t *testing.T) {
	grants, announced, err := answering(t, respond(200, `{"total_seats":0,"seats":[]}`)).Seats(t.Context(), org, 10)
	check(t, err, "")
	if diff := cmp.Diff([]seat.Seat{}, grants); diff != "" || announced != 0 {
		t.Errorf("announced are %d seats, want 0; grants (-want +got):\n%s", announced, diff)
	}
}
