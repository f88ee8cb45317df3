//go:build !race

package adminapi_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestSeatsAreListedAsTheQueryAsks(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.FirstDay, account.UnassignedSeats = 90, "2026-11-20", 2
	a := start(t, account)
	path := a.saved()
	whole := a.seats(path + "/seats")
	everybody := whole.Seats
	for _, name := range whole.Teams {
		if len(a.seats(path+"/seats?team="+name).Seats) == 0 {
			t.Errorf("the team %s is offered, and has no seat", name)
		}
	}
	for _, row := range everybody {
		if row.Team != nil && !slices.Contains(whole.Teams, *row.Team) {
			t.Errorf("the team %s has a seat, and is not offered", *row.Team)
		}
	}

	for _, query := range []string{
		"status=idle", "status=never_used", "status=new", "status=pending_cancellation", "status=unknown", "status=active",
		"status=never_used,idle", "status=idle,active,idle&team=data", "team=backend", "team=BackEnd", "team=nobody", "q=an", "q=AN", "q=zzzz", "status=active&team=data&q=a",
	} {
		asked, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(everybody), func(row seatRow) bool {
			return asked.Get("status") != "" && !slices.Contains(strings.Split(asked.Get("status"), ","), row.Status) ||
				asked.Get("team") != "" && (row.Team == nil || !strings.EqualFold(*row.Team, asked.Get("team"))) ||
				asked.Get("q") != "" && (row.Login == nil || !strings.Contains(strings.ToLower(*row.Login), strings.ToLower(asked.Get("q"))))
		})
		summary := a.seats(path + "/seats?" + query)
		got := summary.Seats
		if diff := gocmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("%s (-want +got):\n%.2000s", query, diff)
		}
		if summary.Found != len(want) {
			t.Errorf("%s finds %d seats, and the summary says %d", query, len(want), summary.Found)
		}
		summary.Seats, summary.Found = whole.Seats, whole.Found
		if diff := gocmp.Diff(whole, summary); diff != "" {
			t.Errorf("%s: the summary is not of all seats:\n%.2000s", query, diff)
		}
		if rows := a.exportedSeats(path + "/export?kind=seats&format=json&" + query); len(rows) != len(want) {
			t.Errorf("%s: the export has %d rows, the list %d", query, len(rows), len(want))
		}
	}

	figures := map[string]func(seatRow) string{
		"login":         func(r seatRow) string { return strings.ToLower(orEmpty(r.Login)) },
		"lastActiveDay": func(r seatRow) string { return orEmpty(r.LastActiveDay) },
		"idleDays": func(r seatRow) string {
			if r.IdleDays == nil {
				return ""
			}
			return fmt.Sprintf("%09d", *r.IdleDays)
		},
		"monthlyCost": func(r seatRow) string { return r.MonthlyCost.Amount },
	}
	for name, figure := range figures {
		for _, order := range []string{"", "&order=asc", "&order=desc"} {
			got := a.seats(path + "/seats?sort=" + name + order).Seats
			if len(got) != len(everybody) {
				t.Fatalf("by %s %s: %d of %d seats", name, order, len(got), len(everybody))
			}
			for i := range got[1:] {
				x, y := figure(got[i]), figure(got[i+1])
				if x == "" && y != "" {
					t.Errorf("by %s %s: an unknown value comes before %s", name, order, y)
				}
				if x != "" && y != "" && (order == "&order=desc" && cmp.Less(x, y) || order != "&order=desc" && cmp.Less(y, x)) {
					t.Errorf("by %s %s: %s before %s", name, order, x, y)
				}
			}
			var logins []string
			for _, row := range a.exportedSeats(path + "/export?kind=seats&format=json&sort=" + name + order) {
				login, _ := row["login"].(string)
				logins = append(logins, login)
			}
			var want []string
			for _, row := range got {
				want = append(want, orEmpty(row.Login))
			}
			if diff := gocmp.Diff(want, logins); diff != "" {
				t.Errorf("by %s %s: the export has another order:\n%.1000s", name, order, diff)
			}
		}
	}

	for query, field := range map[string]string{
		"status=Idle": "status", "status=used": "status", "status=idle,": "status", "status=idle,used": "status", "status=idle+new": "status", "sort=age": "sort", "sort=Login": "sort", "order=up": "order", "order=DESC": "order",
	} {
		for _, read := range []string{"/seats?", "/export?kind=seats&format=csv&"} {
			got := a.send(http.MethodGet, path+read+query, "")
			if got.status != http.StatusBadRequest || got.Errors[0].Field != field {
				t.Errorf("%s%s got %d %s, want 400", read, query, got.status, got.body)
			}
		}
	}
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestSeatsThatGitHubCountsButDoesNotListAreShownAsNotListed(t *testing.T) {
	t.Parallel()
	listing := func(a *app, total int, grants ...string) {
		a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/copilot/billing/seats") {
				return false
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"total_seats":%d,"seats":[%s]}`, total, strings.Join(grants, ","))
			return true
		})
	}
	const business, enterprise = `,"plan_type":"business"`, `,"plan_type":"enterprise"`
	for _, scope := range []string{"organization", "enterprise"} {
		for name, test := range map[string]struct {
			total             int
			grants            []string
			listed, notListed int
			cost              *money
			includes          bool // the included credits also count seats that are not listed
		}{
			"one of three": {3, []string{grantOf(1, business), grantOf(2, business)}, 2, 1, dollars("57.00"), true},
			"none missing": {2, []string{grantOf(1, business), grantOf(2, business)}, 2, 0, dollars("38.00"), true},
			"two grants of one person": {
				2, []string{grantOf(1, business), grantOf(1, enterprise)}, 1, 1, dollars("78.00"), true,
			},
			"beside several plans": {3, []string{grantOf(1, business), grantOf(2, enterprise)}, 2, 1, nil, false},
			"none listed":          {3, nil, 0, 3, nil, false},
		} {
			t.Run(scope+", "+name, func(t *testing.T) {
				t.Parallel()
				account := octo()
				if scope == "enterprise" {
					account.Kind = githubsim.Enterprise
					account.Tokens[0].Scopes = []string{"read:enterprise", "manage_billing:enterprise"}
				}
				a := start(t, account)
				listing(a, test.total, test.grants...)
				path := a.savedAs(scope, "octo")
				got := a.seats(path + "/seats")
				if got.Total != test.listed || len(got.Seats) != test.listed || *got.NotListed != test.notListed {
					t.Errorf("%d, %d listed, %d not", got.Total, len(got.Seats), *got.NotListed)
				}
				if diff := gocmp.Diff(test.cost, got.MonthlyCost); diff != "" {
					t.Errorf("the monthly cost (-want +got):\n%s", diff)
				}
				preview := decode[struct{ Preview struct{ Seats seatsAnswer } }](t, a.verify(form(canary, scope, "octo"))).Preview.Seats
				if preview.Total != test.listed || *preview.NotListed != test.notListed {
					t.Errorf("Verify shows %d, and %d not listed", preview.Total, *preview.NotListed)
				}
				if diff := gocmp.Diff(test.cost, preview.MonthlyCost); diff != "" {
					t.Errorf("the monthly cost that Verify shows (-want +got):\n%s", diff)
				}
				month := a.cost(path + "/cost")
				if (month.Projected.SeatCost != nil) != test.includes || month.SeatCost != nil != test.includes {
					t.Errorf("the month costs %v, at its end %v", month.SeatCost, month.Projected.SeatCost)
				}
			})
		}
	}
}

func TestAQueryCanTryAnotherNumberOfIdleDays(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.FirstDay = 90, "2026-11-20"
	a := start(t, account)
	path := a.saved()
	before := a.seats(path + "/seats")
	tried := a.seats(path + "/seats?idleAfterDays=7")
	if *tried.Idle.Count <= *before.Idle.Count {
		t.Errorf("after 7 days %d seats are idle, after 30 days %d", *tried.Idle.Count, *before.Idle.Count)
	}
	if diff := gocmp.Diff(before, a.seats(path+"/seats")); diff != "" {
		t.Errorf("the query has changed the connector:\n%s", diff)
	}
	for _, days := range []string{"0", "366", "-1", "many", "1.5", "99999999999999999999"} {
		if got := a.send(http.MethodGet, path+"/seats?idleAfterDays="+days, ""); got.status != http.StatusBadRequest {
			t.Errorf("idleAfterDays=%s got %d", days, got.status)
		}
	}
}
