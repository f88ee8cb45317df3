//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

func (a *app) usage(path string) usage.Usage {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("%s got %d %s, want 200", path, got.status, got.body)
	}
	return decode[usage.Usage](a.t, got)
}

func (a *app) users(path string) usage.Users {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("%s got %d %s, want 200", path, got.status, got.body)
	}
	return decode[usage.Users](a.t, got)
}

// refused requires that the query is refused because of these fields.
func (a *app) refused(path string, want []string) {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	var fields []string
	for _, e := range got.Errors {
		fields = append(fields, e.Field)
	}
	if got.status != http.StatusBadRequest || got.Code != "invalid_input" || !cmp.Equal(fields, want) {
		a.t.Errorf("%s got %d with fields %v: %s, want 400 invalid_input", path, got.status, fields, got.body)
	}
}

func TestARangeHasEachDayOnceAndBothEnds(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/usage"
	for query, want := range map[string]struct {
		from, to string
		days     int
	}{
		"":                               {"2026-10-25", "2026-11-21", 28},
		"?from=2026-11-20":               {"2026-11-20", "2026-11-21", 2},
		"?from=2026-11-21&to=2026-11-21": {"2026-11-21", "2026-11-21", 1},
		"?to=2026-11-05":                 {"2026-10-09", "2026-11-05", 28},
		"?from=2025-11-22":               {"2025-11-22", "2026-11-21", 365},
		"?from=2024-01-01&to=2024-12-31": {"2024-01-01", "2024-12-31", 366},
		"?from=2026-11-20&to=2026-11-22": {"2026-11-20", "2026-11-22", 3},
		"?from=1971-01-01&to=1971-01-02": {"1971-01-01", "1971-01-02", 2},
	} {
		days := a.usage(path + query).Days
		if days[0].Date.String() != want.from || days[len(days)-1].Date.String() != want.to || len(days) != want.days {
			t.Errorf("%s: %d days from %s to %s", query, len(days), days[0].Date, days[len(days)-1].Date)
		}
		for i, day := range days {
			if int(day.Date) != int(days[0].Date)+i {
				t.Fatalf("%s: day %d is %s", query, i, day.Date)
			}
		}
	}
}

func TestAnInvalidRangeIsRefusedByField(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	for query, want := range map[string][]string{
		"from=20-11-2026":               {"from"},
		"from=2026-11-31":               {"from"},
		"from=2026-11-20T00:00:00Z":     {"from"},
		"from=1969-12-31":               {"from"},
		"to=yesterday":                  {"to"},
		"to=0000-01-01":                 {"to"},
		"from=x&to=y":                   {"to", "from"},
		"from=2026-11-21&to=2026-11-20": {"from"},
		"from=2027-01-01":               {"from"},
		"from=2025-11-20":               {"from"}, // 367 days to yesterday
		"from=2024-01-01&to=2025-01-01": {"from"},
		"from=2026-11-20%zz":            {"query"},
		"from=2026-11-20;to=2026-11-21": {"query"},
	} {
		for _, read := range []string{"/usage?", "/users?"} {
			a.refused(path+read+query, want)
		}
	}
	for query, field := range map[string]string{
		"userId=x": "userId", "userId=0": "userId", "userId=-1": "userId", "userId=1e3": "userId", "userId=99999999999999999999": "userId",
		"next=x": "next", "next=octo-dev-001": "next", "next=00000000000000001": "next",
	} {
		got := a.send(http.MethodGet, path+"/users?"+query, "")
		if got.status != http.StatusBadRequest || len(got.Errors) != 1 || got.Errors[0].Field != field {
			t.Errorf("%s got %d %s, want 400", query, got.status, got.body)
		}
	}
}

func TestEachDayHasItsState(t *testing.T) {
	t.Parallel()
	account := octo()
	account.ReadyDelay = 1                       // yesterday's report is late
	account.MissingDays = []string{"2026-11-02"} // never came
	a := start(t, account)
	a.Advance(-6 * time.Hour)
	path := a.saved()
	want := map[string]metrics.State{
		"2026-10-07": metrics.Missing, // before the first report
		"2026-10-25": metrics.Final,
		"2026-11-02": metrics.Missing,
		"2026-11-17": metrics.Final,
		"2026-11-18": metrics.Provisional,
		"2026-11-20": metrics.Provisional,
		"2026-11-21": metrics.Pending,
		"2026-11-22": metrics.Pending, // not over
	}
	for _, day := range a.usage(path + "/usage?from=2026-10-01&to=2026-11-22").Days {
		if state, ok := want[day.Date.String()]; ok && day.State != state {
			t.Errorf("%s is %s, want %s", day.Date, day.State, state)
		}
		unread := day.State == metrics.Pending || day.State == metrics.Missing
		if unread != (day.Revision == 0) || unread != (day.FetchedAt == nil) || unread != (day.ActiveUsers == nil) {
			t.Errorf("%s is %s with revision %d, read at %v", day.Date, day.State, day.Revision, day.FetchedAt)
		}
	}
	if totals := a.usage(path + "/usage").Totals; totals.DaysWithData != 26 {
		t.Errorf("%d days have numbers", totals.DaysWithData)
	}
}

func TestARestatedDayHasItsNextRevision(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	before := a.usage(path + "/usage?from=2026-11-19&to=2026-11-20").Days
	a.Advance(time.Hour)
	a.github.Restate(githubsim.Organization, "octo", "2026-11-20")
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()
	after := a.usage(path + "/usage?from=2026-11-19&to=2026-11-20").Days
	if diff := cmp.Diff(before[0], after[0]); diff != "" {
		t.Errorf("the other day has changed:\n%s", diff)
	}
	if after[1].Revision != 2 || !after[1].FetchedAt.Equal(noon.Add(time.Hour)) || cmp.Equal(before[1].Usage, after[1].Usage) {
		t.Errorf("the restated day was %+v, is %+v", before[1], after[1])
	}
}

func TestManyUsersAreListedInPagesAndEachOnce(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.FirstDay = 2100, "2026-11-20"
	account.Tokens[0].Scopes = []string{"read:org"} // no bills: the simulation would take long for so many people
	a := start(t, account)
	path := a.saved() + "/users?from=2026-11-18&to=2026-11-21"
	people := map[int64]metrics.UserUsage{}
	parts, query := 0, ""
	for {
		got := a.users(path + query)
		parts++
		for i, user := range got.Users {
			if _, twice := people[user.UserID]; twice {
				t.Errorf("user %d comes twice", user.UserID)
			}
			people[user.UserID] = user
			if i > 0 && got.Users[i-1].Login > user.Login {
				t.Errorf("%s comes before %s", got.Users[i-1].Login, user.Login)
			}
		}
		if got.Next == nil {
			break
		}
		query = "&next=" + url.QueryEscape(*got.Next)
	}
	totals := a.usage(path[:len(path)-len("/users?from=2026-11-18&to=2026-11-21")] + "/usage?from=2026-11-18&to=2026-11-21").Totals
	if int64(len(people)) != *totals.ActiveUsers || parts < 2 {
		t.Errorf("%d people in %d parts, %d are active", len(people), parts, *totals.ActiveUsers)
	}
	asked := 0
	for id, user := range people {
		if asked++; asked > 5 {
			break
		}
		got := a.users(fmt.Sprintf("%s&userId=%d", path, id))
		if diff := cmp.Diff([]metrics.UserUsage{user}, got.Users); diff != "" {
			t.Errorf("by its id, user %d differs from the list (-list +one):\n%s", id, diff)
		}
	}
	if got := a.users(path + "&userId=1"); len(got.Users) != 0 || got.Next != nil {
		t.Errorf("an unknown user got %+v", got)
	}
}
