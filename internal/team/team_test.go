package team_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

var first = calendar.DateOf(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))

// days holds each person's teams on each day in the simplest form.
type days map[calendar.Date]map[int64][]string

func draw(t *rapid.T, n int) days {
	of := days{}
	for i := range n {
		date := first + calendar.Date(i)
		of[date] = map[int64][]string{}
		for id := int64(1); id <= 6; id++ {
			teams := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 3, rapid.ID).Draw(t, "teams")
			if len(teams) > 0 {
				of[date][id] = teams
			}
		}
	}
	return of
}

func membership(t rapid.TB, of map[int64][]string, shuffled bool) *team.Membership {
	t.Helper()
	var rows team.Rows
	ids := slices.Sorted(maps.Keys(of))
	if shuffled {
		slices.Reverse(ids)
	}
	for _, id := range ids {
		for _, name := range slices.Concat(of[id], of[id][:1]) { // one row is repeated
			if err := rows.Add(id, int64(name[0]), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, err := rows.Membership()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAStoredMembershipIsReadUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		of := draw(t, 1)[first]
		m := membership(t, of, false)
		if other := membership(t, of, true); other.Hash() != m.Hash() {
			t.Fatal("the stored form depends on the order of rows")
		}
		stored, err := team.ReadMembership(m.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for id := int64(1); id <= 7; id++ {
			var got []string
			for _, number := range stored.Of(id) {
				got = append(got, stored.Teams()[number])
			}
			if want := slices.Sorted(slices.Values(of[id])); !slices.Equal(want, got) {
				t.Fatalf("%d is in %v, want %v", id, got, want)
			}
		}
		text := m.Bytes()
		for cut := range text {
			if _, err := team.ReadMembership(text[:cut]); err == nil {
				t.Fatalf("%d of %d bytes are read without an error", cut, len(text))
			}
		}
	})
}

func TestATeamWithTwoNamesInOneReportIsOneTeam(t *testing.T) {
	t.Parallel()
	var rows team.Rows
	for id, name := range map[int64]string{1: "new-name", 2: "name", 3: "new-name"} {
		if err := rows.Add(id, 7, name); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := rows.Membership(); err != nil || !slices.Equal(m.Teams(), []string{"new-name"}) || len(m.Of(2)) != 1 {
		t.Errorf("the teams are %v, %v", m.Teams(), err)
	}
}

func TestRowsAreBounded(t *testing.T) {
	t.Parallel()
	var rows team.Rows
	for id := range int64(60_000) {
		if rows.Add(1, id+1, fmt.Sprint(id)) != nil {
			return
		}
	}
	t.Error("60,000 teams of one account are accepted")
}

// Headcounts of several months are compared with sets of people, day by day.
func TestDistinctPeopleByTeam(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const n = 9
		of, seats, active := draw(t, n), draw(t, n), map[calendar.Date]map[int64]bool{}
		months := map[calendar.Date]*team.People{}
		days := calendar.Range{From: first + calendar.Date(rapid.IntRange(0, 3).Draw(t, "from")), To: first + n - 2}
		got := []team.People{}
		for i := range n {
			date := first + calendar.Date(i)
			month := months[date.FirstOfMonth()]
			if month == nil {
				start := date.FirstOfMonth()
				month = &team.People{Days: days, Teams: &team.Month{First: start}, Seats: &team.Month{First: start}, Active: &activity.Month{First: start}}
				months[start] = month
			}
			if rapid.IntRange(0, 3).Draw(t, "known") == 0 {
				of[date] = nil
			} else if err := month.Teams.Set(date, fmt.Sprint(date), membership(t, of[date], false)); err != nil {
				t.Fatal(err)
			}
			if err := month.Seats.Set(date, "held", membership(t, seats[date], false)); err != nil {
				t.Fatal(err)
			}
			active[date] = map[int64]bool{}
			var rosters metrics.Roster
			for id := int64(1); id <= 7; id++ {
				if rapid.Bool().Draw(t, "active") {
					active[date][id] = rapid.Bool().Draw(t, "engaged")
					_ = rosters.Add(&metrics.UserDay{UserID: id, Engaged: active[date][id]})
				}
			}
			if err := month.Active.Set(date, "report", rosters.People(date).Bytes()); err != nil {
				t.Fatal(err)
			}
		}
		for _, start := range slices.Sorted(maps.Keys(months)) {
			month := months[start]
			stored, err := team.ReadMonth(start, month.Teams.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			month.Teams = stored
			got = append(got, *month)
		}
		if diff := cmp.Diff(naive(of, seats, active, days), flat(team.Count(got, nil))); diff != "" {
			t.Fatalf("(-sets +counted):\n%s", diff)
		}
	})
}

// sets are the people of a team: members, active, engaged.
type sets [3]map[int64]bool

func naive(of, seats days, active map[calendar.Date]map[int64]bool, within calendar.Range) map[string]team.Heads {
	by := map[string]*sets{}
	note := func(name string, id int64, date calendar.Date) {
		if by[name] == nil {
			by[name] = &sets{{}, {}, {}}
		}
		by[name][0][id] = true
		if engaged, is := active[date][id]; is {
			by[name][1][id] = true
			if engaged {
				by[name][2][id] = true
			}
		}
	}
	for _, date := range within.Days() {
		for id := int64(1); id <= 7; id++ {
			teams := of[date][id]
			if of[date] == nil {
				teams = seats[date][id]
			}
			_, isActive := active[date][id]
			for _, name := range teams {
				note(name, id, date)
			}
			if len(teams) > 0 || isActive || len(seats[date][id]) > 0 {
				note("(all)", id, date)
				if len(teams) == 0 {
					note("(none)", id, date)
				}
			}
		}
	}
	heads := map[string]team.Heads{}
	for name, of := range by {
		heads[name] = team.Heads{People: int64(len(of[0])), Active: int64(len(of[1])), Engaged: int64(len(of[2]))}
	}
	return heads
}

func flat(count *team.Headcount) map[string]team.Heads {
	heads := map[string]team.Heads{}
	for name, of := range count.Teams {
		heads[name] = *of
	}
	heads["(none)"], heads["(all)"] = count.Unassigned, count.Whole
	maps.DeleteFunc(heads, func(_ string, of team.Heads) bool { return of == team.Heads{} })
	return heads
}

func TestCreditsAreDividedAmongTeamsAndCountsAreNot(t *testing.T) {
	t.Parallel()
	m := membership(t, map[int64][]string{1: {"a", "b", "c"}, 2: {"a"}}, false)
	adder := team.NewAdder(m)
	adder.Add(&metrics.UserDay{UserID: 1, Engaged: true, Suggested: 9, Accepted: 3, LinesAccepted: 2, Interactions: 1, Credits: 10_000_000})
	adder.Add(&metrics.UserDay{UserID: 2, Suggested: metrics.Untold, Accepted: metrics.Untold, LinesAccepted: metrics.Untold, Interactions: metrics.Untold, Credits: metrics.Untold})
	adder.Add(&metrics.UserDay{UserID: 3, Suggested: 5, Accepted: metrics.Untold, LinesAccepted: 0, Interactions: 0, Credits: 1})
	sums, err := team.ReadSums(adder.Sums().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	sums.Add(adder.Sums())
	a, b := sums.Teams["a"], sums.Teams["b"]
	if a.Active != 4 || a.Engaged != 2 || *a.Count(a.Suggested) != 18 || a.Exact().Cmp(big.NewRat(20_000_000, 3)) != 0 || b.Exact().Cmp(a.Exact()) != 0 {
		t.Errorf("a is %+v, b is %+v", a, b)
	}
	if sums.Unassigned.Count(sums.Unassigned.Accepted) != nil || sums.Whole.Exact().Cmp(big.NewRat(20_000_002, 1)) != 0 || sums.Whole.Active != 6 {
		t.Errorf("people of no team %+v, all %+v", sums.Unassigned, sums.Whole)
	}
}

// A person in two hidden teams must not count twice among the people of no team. Credits are shared, so they add up.
func TestHiddenTeamsKeepTheirCreditsButNoCounts(t *testing.T) {
	t.Parallel()
	adder := team.NewAdder(membership(t, map[int64][]string{1: {"a", "b"}, 2: {"b", "shown"}}, false))
	for id := int64(1); id <= 3; id++ {
		adder.Add(&metrics.UserDay{UserID: id, Suggested: 9, Accepted: 3, LinesAccepted: 2, Interactions: 1, Credits: 10})
	}
	sums := adder.Sums()
	sums.Hide(map[string]bool{"a": true, "b": true})
	none := &sums.Unassigned
	if none.Count(none.Suggested) != nil || !sums.Blurred || none.Exact().Cmp(big.NewRat(25, 1)) != 0 {
		t.Errorf("people of no team are %+v", none)
	}
	if shown := sums.Teams["shown"]; len(sums.Teams) != 1 || *shown.Count(shown.Suggested) != 9 || *sums.Whole.Count(sums.Whole.Suggested) != 27 {
		t.Errorf("%+v, all %+v", sums.Teams, sums.Whole)
	}
}
