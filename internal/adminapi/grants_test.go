//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// grant makes GitHub list exactly these grants of seats, each an object in JSON.
func (a *app) grant(grants ...string) {
	a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/copilot/billing/seats") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"total_seats":1,"seats":[%s]}`, strings.Join(grants, ","))
		return true
	})
}

// grantOf returns a grant of a year ago to a person, with further fields.
func grantOf(id int, fields string) string {
	return fmt.Sprintf(`{"assignee":{"id":%d,"login":"user-%d"},"created_at":"2025-11-01T00:00:00Z","last_activity_at":"2026-11-21T00:00:00Z"%s}`, id, id, fields)
}

// exportedSeats returns the rows of the export.
func (a *app) exportedSeats(path string) []map[string]any {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	return decode[[]map[string]any](a.t, got)
}

func TestASeatOnAnUnfamiliarPlanHasNoPrice(t *testing.T) {
	t.Parallel()
	a := start(t, octo()) // its subscription is Business
	const unfamiliar, none = `,"plan_type":"standalone"`, ``
	a.grant(grantOf(1, unfamiliar), grantOf(2, none), grantOf(3, `,"plan_type":"business"`), grantOf(3, unfamiliar), grantOf(4, `,"plan_type":null`))
	path := a.saved()

	plans := map[string]any{}
	for _, row := range a.exportedSeats(path + "/export?kind=seats&format=json") {
		plans[row["login"].(string)] = fmt.Sprint(row["plan"], " ", row["monthlyCost"])
	}
	want := map[string]any{"user-1": "unknown <nil>", "user-2": "business 19", "user-3": "unknown <nil>", "user-4": "business 19"}
	if diff := cmp.Diff(want, plans); diff != "" {
		t.Errorf("plans and prices (-want +got):\n%s", diff)
	}
	if seats := a.seats(path + "/seats"); seats.Total != 4 || seats.PricePerSeat != nil || seats.MonthlyCost != nil {
		t.Errorf("the seats are %+v", seats)
	}
	month := a.cost(path + "/cost")
	if month.SeatCost != nil || month.TotalSpend == nil || !month.TotalSpend.Estimated || !strings.Contains(month.Reasons["seatCost"], "plan whose price is not known") {
		t.Errorf("the month costs %v, with the reasons %v", month.SeatCost, month.Reasons)
	}
	preview := decode[struct{ Preview struct{ Seats seatsAnswer } }](t, a.verify(octoForm())).Preview.Seats
	if preview.Total != 4 || preview.MonthlyCost != nil {
		t.Errorf("Verify shows %+v", preview)
	}
}

func TestASeatsCostGoesToTheTeamWhoseGrantCounts(t *testing.T) {
	t.Parallel()
	account := octo()
	account.TeamsDelay = 1000 // so that the seats tell the teams
	a := start(t, account)
	a.grant(
		grantOf(1, `,"plan_type":"business","assigning_team":{"slug":"apps"}`),
		strings.Replace(grantOf(1, `,"plan_type":"enterprise","assigning_team":{"slug":"ops"},"pending_cancellation_date":"2026-12-01"`), "2025-11-01", "2026-11-11", 1),
	)
	path := a.saved()
	month := a.cost(path + "/cost")
	a.checkSums(month)
	got := map[string]string{}
	for _, row := range month.ByTeam[:len(month.ByTeam)-1] {
		got[*row.Team] = fmt.Sprint(*row.SeatDays, " ", row.SeatCost.Amount)
	}
	// 10 days of 19 and 12 days of 39, of 30: 6.333 and 15.60.
	if diff := cmp.Diff(map[string]string{"apps": "10 6.33", "ops": "12 15.60"}, got); diff != "" {
		t.Errorf("seat-days and costs by team (-want +got):\n%s", diff)
	}
	seats := a.seats(path + "/seats")
	if seats.Total != 1 || *seats.Seats[0].Team != "ops" || *seats.PendingCancellation.Count != 0 {
		t.Errorf("the seats are %+v", seats)
	}
	if diff := cmp.Diff(dollars("39.00"), seats.MonthlyCost); diff != "" {
		t.Errorf("a month (-want +got):\n%s", diff)
	}
}

func TestSeatsAsOfADay(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	business := `,"plan_type":"business"`
	a.grant(grantOf(1, business))
	path := a.saved() // on 22 November
	a.Advance(48 * time.Hour)
	a.grant(grantOf(1, business), grantOf(2, business))
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()

	for date, want := range map[string]int{
		"2026-11-22": 1, "2026-11-23": 1, "2026-11-24": 2,
		"2026-11-21": 0, "2025-11-22": 0, "1970-02-01": 0,
	} {
		seats, table := a.send(http.MethodGet, path+"/seats?date="+date, ""), a.send(http.MethodGet, path+"/export?kind=seats&format=json&date="+date, "")
		if want == 0 {
			for _, got := range []answer{seats, table} {
				if got.status != http.StatusNotFound || got.Code != "seats_not_read" || !strings.Contains(got.Detail, date) {
					t.Errorf("date %s got %d %s, want 404 seats_not_read", date, got.status, got.body)
				}
			}
			continue
		}
		if got := decode[seatsAnswer](t, seats); seats.status != http.StatusOK || got.Total != want || len(got.Seats) != want || got.AsOf.Day() != 20+2*want {
			t.Errorf("date %s got %d %s, want 200", date, seats.status, seats.body)
		}
		if rows := decode[[]map[string]any](t, table); len(rows) != want || !strings.Contains(table.header.Get("Content-Disposition"), fmt.Sprintf("seats-2026-11-%d.json", 20+2*want)) {
			t.Errorf("date %s: the table is %s %s", date, table.header.Get("Content-Disposition"), table.body)
		}
	}
	for _, date := range []string{"2026-11", "yesterday", "2026-02-30", "22.11.2026", "0001-01-01", "2026-11-22T00:00:00Z", " "} {
		for _, read := range []string{"/seats?", "/export?kind=seats&format=csv&"} {
			got := a.send(http.MethodGet, path+read+"date="+url.QueryEscape(date), "")
			if got.status != http.StatusBadRequest || len(got.Errors) != 1 || got.Errors[0].Field != "date" {
				t.Errorf("%s%q got %d %s, want 400", read, date, got.status, got.body)
			}
		}
	}
}

func TestPricesSinceAMonthDoNotChangeEarlierMonths(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.Set(time.Date(2026, 10, 29, 12, 0, 0, 0, time.UTC))
	path := a.saved()
	a.Set(time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC))
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()
	agree := func(prices string) map[string]any {
		t.Helper()
		a.Advance(time.Minute)
		got := a.send(http.MethodPatch, path, `{"prices":`+prices+`}`)
		if got.status != http.StatusOK {
			t.Fatalf("%s got %d %s, want 200", prices, got.status, got.body)
		}
		shown, _ := decode[map[string]any](t, got)["prices"].(map[string]any)
		return shown
	}
	october := func() int64 { return a.cents(a.cost(path + "/cost?month=2026-10").SeatCost) }
	november := func() int64 { return a.cents(a.cost(path + "/cost?month=2026-11").SeatCost) }

	list, then := october(), november()
	shown := agree(`{"business":"9.50","since":"2026-11"}`)
	if diff := cmp.Diff(map[string]any{"business": "9.50", "since": "2026-11"}, shown); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	if october() != list || november() > then/2+1 {
		t.Errorf("October costs %d, by the list %d; November %d, by the list %d", october(), list, november(), then)
	}
	agree(`{"business":"0","since":"2027-01"}`) // agreed in advance
	if october() != list || november() > then/2+1 || november() == 0 {
		t.Errorf("October costs %d, November %d", october(), november())
	}
	if last := a.audit(path + "/audit").Events[0].Detail; last != `prices from {"since":"2026-11","business":"9.50"} to {"since":"2027-01","business":"0.00"}` {
		t.Errorf("the audit says %s", last)
	}
	agree(`{"business":"0.00"}`)
	if october() != 0 || november() != 0 {
		t.Errorf("for every month: October costs %d, November %d", october(), november())
	}
	if shown := agree(`{}`); shown != nil || october() != list || november() != then {
		t.Errorf("taken back: %v, October costs %d, November %d", shown, october(), november())
	}
}
