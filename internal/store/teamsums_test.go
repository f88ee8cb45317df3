package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// teamsOf returns the teams of the person at a place among the people of an edition: "all" for three persons of four, and second, the
// name of another team, for each second person.
func teamsOf(place int, second string) (names []string) {
	if place%4 < 3 {
		names = append(names, "all")
	}
	if place%2 == 0 {
		names = append(names, second)
	}
	return names
}

// split stores a day of an edition whose people are in these teams.
func (w *world) split(t fatal, ref connector.Ref, date calendar.Date, e edition, second string) {
	var rows team.Rows
	for i, id := range idsOf(e.people) {
		for _, name := range teamsOf(i, second) {
			check(t, rows.Add(id, 0, name))
		}
	}
	members, err := rows.Membership()
	check(t, err)
	hash, err := w.KeepMembership(t.Context(), ref, date, members)
	check(t, err)
	before, err := w.Day(t.Context(), ref, date)
	check(t, err)
	reading, people := e.reading(w.clock.Now())
	reading.Teams = &ledger.Teams{Hash: hash}
	day, _ := ledger.Revise(before, date, reading)
	if before != nil && before.Users.Hash == day.Users.Hash {
		people = nil
	}
	check(t, w.Commit(t.Context(), ref, day, people))
}

// fatal is the part of a test, or of a property's test, that helpers need.
type fatal interface {
	Context() context.Context
	Fatal(args ...any)
	Helper()
}

func check(t fatal, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// divided is what a day was stored with: how many people, and the second team.
type divided struct {
	people int
	second string
}

// added adds up what the people of all days of a range did.
func added(t fatal, stored map[calendar.Date]divided, days calendar.Range) *team.Sums {
	total := &team.Sums{Teams: map[string]*team.Sum{}}
	for date, of := range stored {
		if date < days.From || date > days.To {
			continue
		}
		ids := idsOf(of.people)
		_, packed := edition{"e", of.people}.reading(time.Time{})
		for _, page := range packed.Pages {
			check(t, metrics.ReadPage(page, func(u *metrics.UserDay) error {
				names := teamsOf(slices.Index(ids, u.UserID), of.second)
				addPerson(&total.Whole, u, 1)
				if len(names) == 0 {
					addPerson(&total.Unassigned, u, 1)
				}
				for _, name := range names {
					if total.Teams[name] == nil {
						total.Teams[name] = new(team.Sum)
					}
					addPerson(total.Teams[name], u, len(names))
				}
				return nil
			}))
		}
	}
	return total
}

// addPerson adds the numbers of a person who is in so many teams. GitHub reports all counts of these people, and all are engaged.
func addPerson(s *team.Sum, u *metrics.UserDay, teams int) {
	s.Active, s.Engaged, s.Told = s.Active+1, s.Engaged+1, s.Told+1
	s.Suggested, s.Accepted = s.Suggested+u.Suggested, s.Accepted+u.Accepted
	s.LinesAccepted, s.Interactions = s.LinesAccepted+u.LinesAccepted, s.Interactions+u.Interactions
	for len(s.Credits) < teams {
		s.Credits = append(s.Credits, team.Part{Teams: uint32(len(s.Credits) + 1)}) //nolint:gosec // two at most
	}
	s.Credits[teams-1].Credits += u.Credits
}

// mustAgree compares what is read with what was stored. Nobody knows any more in which teams the forgotten people were.
func (w *world) mustAgree(t fatal, ref connector.Ref, stored map[calendar.Date]divided, asked calendar.Range, forgotten ...int64) {
	days, err := w.Teams(t.Context(), ref, asked)
	check(t, err)
	months, err := w.TeamTotals(t.Context(), ref, asked)
	check(t, err)
	want := added(t, stored, asked)
	for by, got := range map[string]*ledger.TeamRange{"days": days, "months": months} {
		without := cmpopts.IgnoreSliceElements(func(p team.Part) bool { return p.Credits == 0 })
		if diff := cmp.Diff(want, got.Total(asked), cmpopts.EquateEmpty(), without); diff != "" {
			t.Fatal(fmt.Sprintf("the total (-stored +read by %s):\n%s", by, diff))
		}
		for _, date := range asked.Days() {
			of, isStored := stored[date]
			if (got.Basis(date) == team.ByReport) != isStored {
				t.Fatal(fmt.Sprintf("by %s: the teams of %s come from %s", by, date, got.Basis(date)))
			}
			month := got.Months[slices.IndexFunc(got.Months, func(m *team.Month) bool { return m.First == date.FirstOfMonth() })]
			sizes := map[string]int{}
			for place, id := range idsOf(of.people) {
				names := teamsOf(place, of.second)
				if slices.Contains(forgotten, id) {
					names = nil
				}
				if on := month.On(id, date); !slices.Equal(names, on) {
					t.Fatal(fmt.Sprintf("by %s: person %d is in %v on %s, want %v", by, place, on, date, names))
				}
				for _, name := range names {
					sizes[name]++
				}
			}
			if got := month.Sizes(date); !maps.Equal(sizes, got) {
				t.Fatal(fmt.Sprintf("by %s: the teams have %v people on %s, want %v", by, got, date, sizes))
			}
		}
	}
}

// Values of days and months are kept, lost, or out of date because a day was added or restated. A total must be that of the people, and
// it stays after one of them is forgotten.
func TestTheTotalsOfTeamsAgreeWithTheirPeople(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	month := day.FirstOfMonth()
	span := calendar.Range{From: (month - 1).FirstOfMonth(), To: month + 3}
	rapid.Check(t, func(t *rapid.T) {
		ref, stored := newRef(), map[calendar.Date]divided{}
		dates := rapid.SampledFrom([]calendar.Date{span.From, span.From + 9, month - 1, month, month + 2})
		begins := rapid.SampledFrom([]calendar.Date{span.From, span.From + 5, month})
		keep := func(months ...calendar.Date) {
			for _, month := range months {
				check(t, w.KeepTeams(t.Context(), ref, month))
			}
		}
		lose := func(prefixes ...string) {
			check(t, w.table.DeleteAll(t.Context(), w.keysOf(t, ref, rapid.SampledFrom(prefixes).Draw(t, "lost"))))
		}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			switch date := dates.Draw(t, "day"); rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				keep(month)
			case 1:
				keep(span.From)
			case 2:
				lose("teamsums#", "teammonth#", "byteam#")
			default:
				of := divided{rapid.SampledFrom([]int{3, 8}).Draw(t, "people"), rapid.SampledFrom([]string{"core", "ops"}).Draw(t, "team")}
				w.split(t, ref, date, edition{"e", of.people}, of.second)
				stored[date] = of
			}
			w.mustAgree(t, ref, stored, calendar.Range{From: begins.Draw(t, "from"), To: span.To})
		}
		keep(span.From, month) // from here on, the values of days cannot be made again
		gone := rapid.SampledFrom(idsOf(3)).Draw(t, "forgotten")
		for date := range stored {
			check(t, w.Forget(t.Context(), ref, date, []int64{gone}))
		}
		check(t, w.ForgetMonth(t.Context(), ref, span.From, []int64{gone}))
		check(t, w.ForgetMonth(t.Context(), ref, month, []int64{gone}))
		for range rapid.IntRange(1, 2).Draw(t, "steps") {
			lose("teamsums#", "teammonth#")
			if rapid.Bool().Draw(t, "are kept") {
				keep(span.From, month)
			}
			w.mustAgree(t, ref, stored, calendar.Range{From: begins.Draw(t, "from"), To: span.To}, gone)
		}
	})
}

// keysOf lists the sort keys with a prefix.
func (w *world) keysOf(t fatal, ref connector.Ref, prefix string) (keys []store.Key) {
	partition := "connector#" + ref.Tenant + "/" + ref.ID
	for item, err := range w.table.Query(t.Context(), store.Range{Partition: partition, From: prefix, To: prefix + "~"}) {
		check(t, err)
		keys = append(keys, item.Key)
	}
	return keys
}

func TestAMonthsTeamsAreReadWithoutItsDaysAndWrittenOnce(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	ref, days := newRef(), calendar.Range{From: day.FirstOfMonth(), To: day}
	w.split(t, ref, day-1, edition{"e", 3}, "core")
	w.split(t, ref, day, edition{"e", 8}, "ops")
	check(t, w.KeepTeams(t.Context(), ref, day))
	totals, err := w.TeamTotals(t.Context(), ref, days)
	check(t, err)
	if sums := totals.Totals[days.From]; sums == nil || len(sums.Teams) != 3 || totals.Sums[day].Sums != nil {
		t.Errorf("the teams of the month are %+v", sums)
	}
	p := &probe{}
	check(t, w.through(p).KeepTeams(t.Context(), ref, day))
	if slices.ContainsFunc(p.calls, func(call string) bool { return strings.HasPrefix(call, "Put") || strings.HasPrefix(call, "Delete") }) {
		t.Errorf("an unchanged month took %v", p.calls)
	}
}
