//go:build !race

package adminapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

type teamRow struct {
	Team                                                    *string
	People, ActiveUsers, EngagedUsers                       *int64
	Suggested, Accepted, Interactions, LinesAccepted, Seats *int64
	CreditsUsed                                             json.Number
	SeatCost, CreditsBilled, IdleSeatCost, TotalSpend       *money
}

type teamsAnswer struct {
	Basis, Detail      string
	BasisDays          map[string][]string
	Teams              []teamRow
	Unassigned, Totals teamRow
}

func (a *app) teams(path string) teamsAnswer {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("%s got %d %s, want 200", path, got.status, got.body)
	}
	return decode[teamsAnswer](a.t, got)
}

// teamwork returns an organization whose people are in several teams and move between them.
func teamwork() githubsim.Account {
	account := octo()
	account.Seats, account.UnassignedSeats, account.RestatedTeams = 70, 1, map[string]int{}
	return account
}

// rawRow is a row of GitHub's reports.
type rawRow struct {
	UserID       json.Number `json:"user_id"`
	Slug         string      `json:"slug"`
	Credits      json.Number `json:"ai_credits_used"`
	Interactions int64       `json:"user_initiated_interaction_count"`
	Generated    int64       `json:"code_generation_activity_count"`
	Accepted     int64       `json:"code_acceptance_activity_count"`
	Features     []struct {
		Feature      string `json:"feature"`
		Interactions int64  `json:"user_initiated_interaction_count"`
		Generated    int64  `json:"code_generation_activity_count"`
		Accepted     int64  `json:"code_acceptance_activity_count"`
		Added        int64  `json:"loc_added_sum"`
	} `json:"totals_by_feature"`
}

// raw reads what GitHub wrote about a day. Each person (or person and team) is in it once.
func raw(t *testing.T, parts int, write func(w *bytes.Buffer, part int) error) map[string]rawRow {
	t.Helper()
	rows := map[string]rawRow{}
	for part := range parts {
		var text bytes.Buffer
		if err := write(&text, part); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text.Bytes()) {
			var row rawRow
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatal(err)
			}
			rows[row.UserID.String()+"/"+row.Slug] = row
		}
	}
	return rows
}

// sum is what the naive calculation gives a team.
type sum struct {
	people, active, engaged                         map[string]bool
	suggested, accepted, interactions, lines, seats int64
	credits, seatCost, idle                         *big.Rat
}

type sums map[string]*sum

const nobodys, everybodys = "(none)", "(all)"

func (s sums) of(name string) *sum {
	if s[name] == nil {
		s[name] = &sum{
			people: map[string]bool{}, active: map[string]bool{}, engaged: map[string]bool{},
			credits: new(big.Rat), seatCost: new(big.Rat), idle: new(big.Rat),
		}
	}
	return s[name]
}

// each calls take for the whole and for each of a person's teams, with the part that falls to it.
func (s sums) each(teams []string, take func(of *sum, part *big.Rat)) {
	one := big.NewRat(1, 1)
	take(s.of(everybodys), one)
	if len(teams) == 0 {
		take(s.of(nobodys), one)
	}
	for _, name := range teams {
		take(s.of(name), big.NewRat(1, int64(len(teams))))
	}
}

func (s sums) user(id string, row rawRow, teams []string) {
	s.each(teams, func(of *sum, part *big.Rat) {
		of.people[id], of.active[id] = true, true
		if row.Interactions+row.Generated+row.Accepted > 0 {
			of.engaged[id] = true
		}
		for _, f := range row.Features {
			switch {
			case f.Feature == "code_completion":
				of.suggested, of.accepted, of.lines = of.suggested+f.Generated, of.accepted+f.Accepted, of.lines+f.Added
			case strings.HasPrefix(f.Feature, "chat_"):
				of.interactions += f.Interactions
			}
		}
		if row.Credits != "" {
			credits, _ := new(big.Rat).SetString(row.Credits.String())
			of.credits.Add(of.credits, credits.Mul(credits, part))
		}
	})
}

// naive adds up a range of days in November from GitHub's reports and the list of seats.
func naive(t *testing.T, account githubsim.Account, seats []seatRow, from, to int) sums {
	t.Helper()
	by := sums{}
	for day := from; day <= to; day++ {
		date := fmt.Sprintf("2026-11-%02d", day)
		of, last := map[string][]string{}, day == to
		known := day < 22 // today has no reports yet
		if known {
			for key, row := range raw(t, account.Shards, func(w *bytes.Buffer, part int) error { return githubsim.WriteTeams(w, account, date, part) }) {
				id, _, _ := strings.Cut(key, "/")
				of[id] = append(of[id], row.Slug)
			}
			for key, row := range raw(t, account.Shards, func(w *bytes.Buffer, part int) error { return githubsim.WriteUsers(w, account, date, part) }) {
				id, _, _ := strings.Cut(key, "/")
				by.user(id, row, of[id])
			}
		}
		for _, seat := range seats {
			if seat.CreatedAt != nil && seat.CreatedAt.UTC().Format(time.DateOnly) > date {
				continue
			}
			id, teams := "", []string(nil)
			if seat.UserID != nil {
				id = fmt.Sprint(*seat.UserID)
			}
			if teams = of[id]; !known && seat.Team != nil {
				teams = []string{*seat.Team}
			}
			by.each(teams, func(of *sum, part *big.Rat) {
				if id != "" {
					of.people[id] = true
				}
				of.seatCost.Add(of.seatCost, new(big.Rat).Mul(big.NewRat(19, 30), part))
				if last {
					of.seats++
				}
				if last && !known && (seat.Status == "idle" || seat.Status == "never_used") {
					of.idle.Add(of.idle, new(big.Rat).Mul(big.NewRat(19, 1), part))
				}
			})
		}
		for id, teams := range of {
			by.each(teams, func(of *sum, _ *big.Rat) { of.people[id] = true })
		}
	}
	return by
}

// near fails the test if an amount differs by a whole unit or more from the exact one.
func near(t *testing.T, what string, got string, want *big.Rat, unit int64) {
	t.Helper()
	shown, ok := new(big.Rat).SetString(got)
	if !ok || new(big.Rat).Abs(new(big.Rat).Sub(shown, want)).Cmp(big.NewRat(1, unit)) >= 0 {
		t.Errorf("%s is %s, and %s by the naive sum", what, got, want.FloatString(7))
	}
}

func (s sums) check(t *testing.T, name string, row teamRow, withIdle bool) {
	t.Helper()
	want := s.of(name)
	counts := []int64{int64(len(want.people)), int64(len(want.active)), int64(len(want.engaged)), want.suggested, want.accepted, want.interactions, want.lines, want.seats}
	got := []int64{*row.People, *row.ActiveUsers, *row.EngagedUsers, *row.Suggested, *row.Accepted, *row.Interactions, *row.LinesAccepted, *row.Seats}
	if diff := cmp.Diff(counts, got); diff != "" {
		t.Errorf("%s: people, active, engaged, suggested, accepted, interactions, lines, seats (-naive +got):\n%s", name, diff)
	}
	near(t, name+": creditsUsed", row.CreditsUsed.String(), want.credits, 1_000_000)
	near(t, name+": seatCost", row.SeatCost.Amount, want.seatCost, 100)
	if withIdle {
		near(t, name+": idleSeatCost", row.IdleSeatCost.Amount, want.idle, 100)
	}
}

// addUp checks that the teams and the unassigned people add up to the whole.
func (a *app) addUp(got teamsAnswer) {
	a.t.Helper()
	credits := new(big.Rat)
	var cents [4]int64
	amounts := func(row teamRow) []*money {
		return []*money{row.SeatCost, row.CreditsBilled, row.IdleSeatCost, row.TotalSpend}
	}
	for _, row := range append(slices.Clone(got.Teams), got.Unassigned) {
		used, _ := new(big.Rat).SetString(row.CreditsUsed.String())
		credits.Add(credits, used)
		for i, amount := range amounts(row) {
			if amount != nil {
				cents[i] += a.cents(amount)
			}
		}
	}
	if whole, _ := new(big.Rat).SetString(got.Totals.CreditsUsed.String()); whole.Cmp(credits) != 0 {
		a.t.Errorf("the teams used %s credits, all %s", credits.FloatString(6), got.Totals.CreditsUsed)
	}
	for i, amount := range amounts(got.Totals) {
		if amount != nil && a.cents(amount) != cents[i] {
			a.t.Errorf("amount %d adds up to %d cents, the whole is %s", i, cents[i], amount.Amount)
		}
	}
}

func TestTeamsAgreeWithASumOverWhatGitHubWrote(t *testing.T) {
	t.Parallel()
	account := teamwork()
	a := start(t, account)
	path := a.saved()
	account.RestatedTeams["2026-11-19"] = 1
	a.github.RestateTeams(githubsim.Organization, "octo", "2026-11-19")
	a.pollAt(path, noon)
	seats := a.seats(path + "/seats").Seats
	for _, days := range [][2]int{{10, 21}, {1, 22}, {19, 19}} {
		got := a.teams(fmt.Sprintf("%s/teams?from=2026-11-%02d&to=2026-11-%02d", path, days[0], days[1]))
		by := naive(t, account, seats, days[0], days[1])
		names := []string{}
		for _, row := range got.Teams {
			names = append(names, *row.Team)
			by.check(t, *row.Team, row, days[1] == 22)
		}
		by.check(t, nobodys, got.Unassigned, days[1] == 22)
		by.check(t, everybodys, got.Totals, days[1] == 22)
		if want := slices.DeleteFunc(slices.Sorted(maps.Keys(by)), func(name string) bool { return name[0] == '(' }); !slices.Equal(want, names) {
			t.Errorf("the teams are %v, want %v", names, want)
		}
		a.addUp(got)
		basis, assigned := "user_teams", 0
		if days[1] == 22 {
			basis, assigned = "mixed", 1
		}
		if got.Basis != basis || len(got.BasisDays["assigning_team"]) != assigned || len(got.BasisDays["user_teams"]) != days[1]-days[0]+1-assigned || !strings.Contains(got.Detail, "fewer than five") {
			t.Errorf("the basis is %s %v: %s", got.Basis, got.BasisDays, got.Detail)
		}
	}
	month, got := a.cost(path+"/cost"), a.teams(path+"/teams?from=2026-11-01&to=2026-11-22")
	if diff := cmp.Diff([]*money{month.SeatCost, month.Credits.Billed, month.IdleSeatCost, month.TotalSpend},
		[]*money{got.Totals.SeatCost, got.Totals.CreditsBilled, got.Totals.IdleSeatCost, got.Totals.TotalSpend}); diff != "" {
		t.Errorf("the month (-cost +teams):\n%s", diff)
	}
	for i, row := range month.ByTeam[:len(month.ByTeam)-1] {
		if team := got.Teams[i]; *row.Team != *team.Team || *row.TotalSpend != *team.TotalSpend || *row.CreditsBilled != *team.CreditsBilled {
			t.Errorf("cost has %+v, teams %+v", row, team)
		}
	}
}

type teamUser struct {
	UserID                            int64
	ActiveDays                        int
	Suggested, Accepted, Interactions *int64
	CreditsUsed                       json.Number
	Teams                             []string
}

// The rows of a team's people, and the rows of its days, must add up to the team's.
func TestTheUsageOfATeamsPeopleAddsUp(t *testing.T) {
	t.Parallel()
	a := start(t, teamwork())
	path := a.saved()
	const days = "from=2026-10-28&to=2026-11-20"
	all := a.teams(path + "/teams?" + days)
	exported := map[string]*big.Rat{}
	for _, row := range parseTable(t, a.send(http.MethodGet, path+"/export?kind=usage&format=csv&by=team&"+days, "")) {
		if exported[row["team"]] == nil {
			exported[row["team"]] = new(big.Rat)
		}
		credits, _ := new(big.Rat).SetString(row["creditsUsed"])
		exported[row["team"]].Add(exported[row["team"]], credits)
	}
	for _, team := range all.Teams {
		name := *team.Team
		near(t, name+": the export", team.CreditsUsed.String(), exported[name], 10_000)
		used := decode[struct {
			Days []struct {
				CreditsUsed json.Number
				Completions *struct{ Suggested *int64 }
			}
			Totals struct {
				ActiveUsers, EngagedUsers *int64
				CreditsUsed               json.Number
			}
			Previous *struct{ Totals struct{ ActiveUsers *int64 } }
		}](t, a.send(http.MethodGet, path+"/usage?compare=previous&team="+strings.ToUpper(name)+"&"+days, ""))
		sum, suggested := new(big.Rat), int64(0)
		for _, day := range used.Days {
			if credits, ok := new(big.Rat).SetString(day.CreditsUsed.String()); ok {
				sum.Add(sum, credits)
			}
			if c := day.Completions; c != nil && c.Suggested != nil {
				suggested += *c.Suggested
			}
		}
		if whole, _ := new(big.Rat).SetString(team.CreditsUsed.String()); whole.Cmp(sum) != 0 || used.Totals.CreditsUsed != team.CreditsUsed || suggested != *team.Suggested ||
			*used.Totals.ActiveUsers != *team.ActiveUsers || *used.Totals.EngagedUsers != *team.EngagedUsers || used.Previous == nil {
			t.Errorf("%s: the days have %s credits and %d suggestions, the team is %+v", name, sum.FloatString(6), suggested, team)
		}
		people := decode[struct {
			Total int
			Users []teamUser
		}](t, a.send(http.MethodGet, path+"/users?sort=creditsUsed&order=desc&team="+name+"&"+days, ""))
		sum, suggested = new(big.Rat), 0
		last := 0
		for _, user := range people.Users {
			if credits, ok := new(big.Rat).SetString(user.CreditsUsed.String()); ok {
				sum.Add(sum, credits)
			}
			if user.Suggested != nil {
				suggested += *user.Suggested
			}
			if slices.Contains(user.Teams, name) {
				last++
			}
		}
		if whole, _ := new(big.Rat).SetString(team.CreditsUsed.String()); whole.Cmp(sum) != 0 || suggested != *team.Suggested || int64(people.Total) != *team.ActiveUsers || last == 0 {
			t.Errorf("%s: %d people with %s credits and %d suggestions, %d of them in it on the last day; the team is %+v", name, people.Total, sum.FloatString(6), suggested, last, team)
		}
	}
	if got := a.send(http.MethodGet, path+"/users?team=nobody&"+days, ""); !bytes.Contains(got.body, []byte(`"users":[]`)) {
		t.Errorf("an unknown team got %s", got.body)
	}
	for _, query := range []string{"/usage?team=core&by=month", "/users?team=core&userId=41000001", "/teams?by=month", "/teams?team=core", "/usage?team="} {
		if got := a.send(http.MethodGet, path+query, ""); got.status != http.StatusBadRequest {
			t.Errorf("%s got %d", query, got.status)
		}
	}
}
