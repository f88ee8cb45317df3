//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// money is an amount as the API writes it.
type money struct {
	Amount, Currency string
	Estimated        bool
}

func dollars(amount string) *money { return &money{amount, "USD", true} }

// cents returns the amount in cents. It ends the test if the amount is unknown.
func (a *app) cents(m *money) int64 {
	a.t.Helper()
	if m == nil {
		a.t.Fatal("the amount is not known")
	}
	n, err := strconv.ParseInt(strings.Replace(m.Amount, ".", "", 1), 10, 64)
	if err != nil {
		a.t.Fatal(err)
	}
	return n
}

type seatCount struct {
	Count       *int
	MonthlyCost *money
}

type seatRow struct {
	UserID                            *int64
	Login, Team, Organization         *string
	Plan, Status                      string
	MonthlyCost                       *money
	CreatedAt, LastActivityAt         *time.Time
	LastActivityEditor, LastActiveDay *string
	ActivityFrom                      *string
	IdleDays                          *int
	PendingCancellationDate           *string
}

type seatsAnswer struct {
	AsOf                time.Time
	Plan, Basis         string
	Total               int
	NotListed           *int
	PricePerSeat        *money
	MonthlyCost         *money
	Active, New         seatCount
	Idle, NeverUsed     seatCount
	PendingCancellation seatCount
	Unknown             seatCount
	Found               int
	Teams               []string
	Seats               []seatRow
	Next                *string
}

func (a *app) seats(path string) seatsAnswer {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("%s got %d %s, want 200", path, got.status, got.body)
	}
	return decode[seatsAnswer](a.t, got)
}

// savedAs saves an account and returns the connector's path.
func (a *app) savedAs(scope, slug string) string {
	a.t.Helper()
	got := a.save(form(canary, scope, slug))
	if got.status != http.StatusCreated {
		a.t.Fatalf("got %d %s, want 201", got.status, got.body)
	}
	a.drain()
	return got.header.Get("Location")
}

func TestEverySeatsStatusFollowsFromItsActivity(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.UnassignedSeats = 200, 2
	a := start(t, account)
	got := a.seats(a.saved() + "/seats")

	counts := map[string]int{}
	for i, seat := range got.Seats {
		counts[seat.Status]++
		if i > 0 && got.Seats[i-1].Login == nil && seat.Login != nil {
			t.Errorf("%s comes after a seat without a person", *seat.Login)
		}
		if seat.LastActivityAt != nil && seat.LastActivityAt.After(noon.AddDate(0, 0, -30)) && seat.Status != "active" && seat.Status != "pending_cancellation" {
			t.Errorf("%s was active at %s and is %s", *seat.Login, seat.LastActivityAt, seat.Status)
		}
	}
	for _, status := range []string{"active", "new", "idle", "never_used", "pending_cancellation"} {
		if counts[status] == 0 {
			t.Errorf("no seat is %s: %v", status, counts)
		}
	}
	if got.Total != 202 || len(got.Seats) != 202 || got.Next != nil || got.Plan != "business" {
		t.Errorf("%d of %d seats of the plan %s are listed, next %v", len(got.Seats), got.Total, got.Plan, got.Next)
	}
	for name, test := range map[string]struct {
		cost  *money
		seats int
	}{
		"a seat": {got.PricePerSeat, 1}, "all": {got.MonthlyCost, 202}, // cancelled seats are billed until next month
	} {
		if diff := cmp.Diff(dollars(fmt.Sprintf("%d.00", 19*test.seats)), test.cost); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for status, count := range map[string]seatCount{
		"active": got.Active, "new": got.New, "idle": got.Idle, "never_used": got.NeverUsed, "pending_cancellation": got.PendingCancellation, "unknown": got.Unknown,
	} {
		want := seatCount{new(counts[status]), dollars(fmt.Sprintf("%d.00", 19*counts[status]))}
		if diff := cmp.Diff(want, count); diff != "" {
			t.Errorf("%s (-listed +summary):\n%s", status, diff)
		}
	}
	if *got.NotListed != 0 || got.Basis != "seats_and_usage" {
		t.Errorf("%d not listed, judged by %s", *got.NotListed, got.Basis)
	}
}

func TestSeatsOfSeveralPlansHaveNoSinglePrice(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Kind, account.Plan, account.Seats = githubsim.Enterprise, githubsim.PlanEnterprise, 40
	account.Tokens[0].Scopes = []string{"read:enterprise", "manage_billing:enterprise"}
	a := start(t, account)
	got := a.seats(a.savedAs("enterprise", "octo") + "/seats")

	plans := map[float64]string{} // by person; the higher plan where a person has two grants
	for _, grant := range a.grants("/enterprises/octo/copilot/billing/seats") {
		id := grant["assignee"].(map[string]any)["id"].(float64)
		if plans[id] != "enterprise" {
			plans[id] = grant["plan_type"].(string)
		}
	}
	want := 0
	for _, plan := range plans {
		want += map[string]int{"business": 19, "enterprise": 39}[plan]
	}
	if got.PricePerSeat != nil || got.Plan != "enterprise" || got.Total != len(plans) {
		t.Errorf("the summary is %+v, want the highest plan and no price", got)
	}
	if diff := cmp.Diff(dollars(fmt.Sprintf("%d.00", want)), got.MonthlyCost); diff != "" {
		t.Errorf("GitHub's list says (-want +got):\n%s", diff)
	}
}

// grants reads every page of GitHub's list without any code of the connector.
func (a *app) grants(path string) (grants []map[string]any) {
	a.t.Helper()
	for page := 1; ; page++ {
		list := decode[struct {
			TotalSeats int `json:"total_seats"`
			Seats      []map[string]any
		}](a.t, answer{body: a.fetch(fmt.Sprintf("%s%s?per_page=100&page=%d", a.URL, path, page), canary)})
		if len(list.Seats) == 0 {
			return grants
		}
		grants = append(grants, list.Seats...)
	}
}

func TestManySeatsAreListedInPagesAndEachOnce(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.FirstDay, account.UnassignedSeats = 153, "2026-11-20", 3
	account.Tokens[0].Scopes = []string{"read:org"} // and no bills
	a := prepare(t, account)
	a.api.MaxSeats = 100
	a.serve()
	path := a.saved() + "/seats"
	whole := a.seats(path)
	people, unassigned, sizes := map[int64]bool{}, 0, []int{}
	for part := whole; ; part = a.seats(path + "?next=" + url.QueryEscape(*part.Next)) {
		sizes = append(sizes, len(part.Seats))
		for _, seat := range part.Seats {
			switch {
			case seat.UserID == nil:
				unassigned++
			case people[*seat.UserID]:
				t.Errorf("%s comes twice", *seat.Login)
			default:
				people[*seat.UserID] = true
			}
		}
		if diff := cmp.Diff(whole.MonthlyCost, part.MonthlyCost); diff != "" {
			t.Errorf("the summary of a part differs:\n%s", diff)
		}
		if part.Next == nil {
			break
		}
	}
	if len(people) != 153 || unassigned != 3 || !cmp.Equal(sizes, []int{100, 56}) {
		t.Errorf("%d people and %d seats without a person in parts of %v", len(people), unassigned, sizes)
	}

	first := a.seats(path + "?sort=lastActiveDay&order=desc")
	second := a.seats(path + "?sort=lastActiveDay&order=desc&next=" + *first.Next)
	before, after := first.Seats[99], second.Seats[0]
	if before.LastActiveDay == nil || after.LastActiveDay == nil || *before.LastActiveDay < *after.LastActiveDay || *before.Login == *after.Login {
		t.Errorf("by day, %+v is followed by %+v", before, after)
	}
	for _, query := range []string{"sort=idleDays", "order=desc", "status=active", "team=data", "q=a"} {
		got := a.send(http.MethodGet, path+"?"+query+"&next="+*whole.Next, "")
		if got.status != http.StatusBadRequest || got.Errors[0].Field != "next" {
			t.Errorf("the next of another list, with %s, got %d %s, want 400", query, got.status, got.body)
		}
	}

	for _, next := range []string{"x", "100", "-100", "1-0", "+1-100", "1-100; ", "99999999999999-100"} {
		got := a.send(http.MethodGet, path+"?next="+url.QueryEscape(next), "")
		if got.status != http.StatusBadRequest || got.Errors[0].Field != "next" {
			t.Errorf("%q got %d %s, want 400", next, got.status, got.body)
		}
	}
	a.Advance(time.Hour)
	a.send(http.MethodPost, strings.TrimSuffix(path, "/seats")+"/poll", "")
	a.drain()
	got := a.send(http.MethodGet, path+"?next="+*whole.Next, "")
	if got.status != http.StatusBadRequest || !strings.Contains(got.Detail, "has changed") {
		t.Errorf("the next of a list that was replaced got %d %s, want 400", got.status, got.body)
	}
}

func TestAnAnswerListsAThousandSeats(t *testing.T) {
	t.Parallel()
	a, path := octoSaved.prepare(t)
	a.api.Connectors.Spend = crowdedSeats{crowd: 1001}
	a.serve()
	if got := a.seats(path + "/seats"); len(got.Seats) != 1000 || got.Next == nil {
		t.Errorf("%d of 1001 are listed, and then %v", len(got.Seats), got.Next)
	}
}

func TestTheAnswerSaysWhyThereAreNoSeats(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*app)
		says   string
	}{
		"before the first poll": {func(a *app) { a.lifecycle.Queue = idle{} }, "its first poll is not over"},
		"GitHub answers 403":    {func(a *app) { a.answerSeats(http.StatusForbidden) }, "its token may not list them"},
		"GitHub answers 500":    {func(a *app) { a.answerSeats(http.StatusInternalServerError) }, "the next poll tries again"},
	} {
		t.Run(name, func(t *testing.T) {
			a := prepare(t, octo())
			test.change(a)
			a.serve()
			path := a.saved()
			for _, read := range []string{"/seats", "/export?kind=seats&format=csv"} {
				got := a.send(http.MethodGet, path+read, "")
				if got.status != http.StatusNotFound || got.Code != "seats_not_read" || !strings.Contains(got.Detail, test.says) {
					t.Errorf("%s got %d %s, want 404 seats_not_read", read, got.status, got.body)
				}
			}
			month := a.cost(path + "/cost")
			if month.SeatCost != nil || month.Reasons["seatCost"] == "" {
				t.Errorf("the month is %+v", month)
			}
		})
	}
}

// answerSeats makes GitHub answer requests for the list of seats with the status.
func (a *app) answerSeats(status int) {
	a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/copilot/billing/seats") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"message":"Resource not accessible"}`))
		return true
	})
}

func TestStoredSeatsStayWhenTheTokenLosesItsRight(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	before := a.seats(path + "/seats")
	a.answerSeats(http.StatusForbidden)
	a.Advance(24 * time.Hour)
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()
	if diff := cmp.Diff(before, a.seats(path+"/seats")); diff != "" {
		t.Errorf("the seats have changed:\n%s", diff)
	}
}
