package githubsim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

type seat struct {
	CreatedAt     time.Time  `json:"created_at"`
	LastActivity  *time.Time `json:"last_activity_at"`
	Editor        *string    `json:"last_activity_editor"`
	Pending       *string    `json:"pending_cancellation_date"`
	Plan          string     `json:"plan_type"`
	Assignee      *struct{ Login, Type string }
	AssigningTeam *struct{ Slug string } `json:"assigning_team"`
	Organization  *struct{ Login string }
}

type seatPage struct {
	Total int `json:"total_seats"`
	Seats []seat
}

func TestSeatPages(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Seats = 120 }))
	const path = "/orgs/octo-test/copilot/billing/seats"
	for _, test := range []struct {
		query string
		count int
		rels  []string
	}{
		{"", 50, []string{"next page=2&per_page=50", "last page=3&per_page=50"}},
		{"?per_page=100", 100, []string{"next page=2&per_page=100", "last page=2&per_page=100"}},
		{"?per_page=500&page=2", 20, []string{"first page=1&per_page=100", "prev page=1&per_page=100"}},
		{"?page=2", 50, []string{"next page=3&per_page=50", "last page=3&per_page=50", "first page=1&per_page=50", "prev page=1&per_page=50"}},
		{"?page=9", 0, []string{"first page=1&per_page=50", "prev page=3&per_page=50"}},
		{"?page=x&per_page=-1", 50, []string{"next page=2&per_page=50", "last page=3&per_page=50"}},
		{"?per_page=1", 1, []string{"next page=2&per_page=1", "last page=120&per_page=1"}},
	} {
		got := gh.get(path+test.query, classicToken)
		page := decode[seatPage](t, got.body)
		var want []string
		for _, rel := range test.rels {
			name, query, _ := strings.Cut(rel, " ")
			want = append(want, fmt.Sprintf("<%s%s?%s>; rel=%q", gh.url, path, query, name))
		}
		if len(page.Seats) != test.count || page.Total != 120 || got.header.Get("Link") != strings.Join(want, ", ") {
			t.Errorf("%q: %d of %d seats, Link %s", test.query, len(page.Seats), page.Total, got.header.Get("Link"))
		}
	}
}

func TestSeatsAgreeWithUsage(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Seats, a.UnassignedSeats = 97, 2 }))
	lastFull := make(map[string]string)
	for _, line := range gh.lines(orgReports + "users-28-day/latest") {
		if row := decode[userRow](t, []byte(line)); row.UsedChat != nil {
			lastFull[row.Login] = max(lastFull[row.Login], row.Day)
		}
	}
	page := read[seatPage](gh, "/orgs/octo-test/copilot/billing/seats?per_page=100")
	var unassigned, never, recent, old, leaving, noTeam, fresh int
	for _, s := range page.Seats {
		if s.Pending != nil {
			leaving++
		}
		if s.Assignee == nil {
			unassigned++
			continue
		}
		if s.AssigningTeam == nil {
			noTeam++
		}
		if noon.Sub(s.CreatedAt) < 30*24*time.Hour {
			fresh++
		}
		switch {
		case s.LastActivity == nil:
			never++
			if lastFull[s.Assignee.Login] != "" {
				t.Errorf("%s has usage with telemetry and no activity", s.Assignee.Login)
			}
			continue
		case noon.Sub(*s.LastActivity) < 30*24*time.Hour:
			recent++
		default:
			old++
		}
		if s.LastActivity.Before(s.CreatedAt) || s.LastActivity.After(noon) || s.Editor == nil {
			t.Errorf("%s: created %v, active %v with %v", s.Assignee.Login, s.CreatedAt, s.LastActivity, s.Editor)
		}
		if day := s.LastActivity.UTC().Format(time.DateOnly); day < lastFull[s.Assignee.Login] {
			t.Errorf("%s: last active %s, but used on %s", s.Assignee.Login, day, lastFull[s.Assignee.Login])
		}
	}
	if page.Total != 99 || unassigned != 2 {
		t.Errorf("%d seats, %d unassigned", page.Total, unassigned)
	}
	if never == 0 || old == 0 || recent < 70 || leaving == 0 || noTeam == 0 || fresh == 0 {
		t.Errorf("%d never, %d old, %d recent, %d leaving, %d without team, %d fresh", never, old, recent, leaving, noTeam, fresh)
	}
	type billing struct {
		Breakdown struct {
			Total   int
			Pending int `json:"pending_cancellation"`
			Invited int `json:"pending_invitation"`
			Active  int `json:"active_this_cycle"`
			Idle    int `json:"inactive_this_cycle"`
		} `json:"seat_breakdown"`
		Plan string `json:"plan_type"`
	}
	got := read[billing](gh, "/orgs/octo-test/copilot/billing")
	if b := got.Breakdown; got.Plan != "business" || b.Total != 99 || b.Pending != leaving || b.Invited != 2 || b.Active+b.Idle != 99 {
		t.Errorf("billing: %+v", got)
	}
}

func TestAnEnterpriseListsEveryGrantAndCountsPeopleOnce(t *testing.T) {
	gh := start(t, enterprise(func(a *githubsim.Account) { a.Tokens[0].Scopes = []string{"read:enterprise"} }))
	page := read[seatPage](gh, "/enterprises/octo-test/copilot/billing/seats?per_page=100")
	grants := make(map[string]map[string]bool)
	plans := make(map[string]bool)
	for _, s := range page.Seats {
		through := grants[s.Assignee.Login]
		if through == nil {
			through = make(map[string]bool)
			grants[s.Assignee.Login] = through
		}
		if through[s.Organization.Login] {
			t.Errorf("%s twice through %s", s.Assignee.Login, s.Organization.Login)
		}
		through[s.Organization.Login] = true
		plans[s.Plan] = true
	}
	if len(grants) != page.Total || len(page.Seats) <= page.Total {
		t.Errorf("%d rows for %d people, total_seats %d", len(page.Seats), len(grants), page.Total)
	}
	if !plans["business"] || !plans["enterprise"] {
		t.Errorf("plans: %v", plans)
	}
}
