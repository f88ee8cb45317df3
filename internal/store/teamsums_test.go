package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// split stores a day of an edition whose people are in teams: everybody in "all", and each second person in a team of that name.
func (w *world) split(t fatal, ref connector.Ref, date calendar.Date, e edition, second string) {
	var rows team.Rows
	for i, id := range idsOf(e.people) {
		check(t, rows.Add(id, 1, "all"))
		if i%2 == 0 {
			check(t, rows.Add(id, 2, second))
		}
	}
	members, err := rows.Membership()
	check(t, err)
	hash, err := w.KeepMembership(t.Context(), ref, date, members)
	check(t, err)
	before, err := w.Day(t.Context(), ref, date)
	check(t, err)
	reading, people := e.reading(w.clock())
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

// Sums of months are kept, lost, or out of date because a day was added or restated. A total must be that of the days.
func TestTheTotalsOfTeamsAgreeWithTheirDays(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	month := day.FirstOfMonth()
	span := calendar.Range{From: (month - 1).FirstOfMonth(), To: month + 3}
	rapid.Check(t, func(t *rapid.T) {
		ref := newRef()
		dates := rapid.SampledFrom([]calendar.Date{span.From, span.From + 9, month - 1, month, month + 2})
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			switch date := dates.Draw(t, "day"); rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				check(t, w.KeepTeams(t.Context(), ref, month))
			case 1:
				check(t, w.KeepTeams(t.Context(), ref, span.From))
			case 2:
				check(t, w.table.DeleteAll(t.Context(), w.keysOf(t, ref, "teamsums#")))
			default:
				w.split(t, ref, date, edition{"e", rapid.SampledFrom([]int{3, 8}).Draw(t, "people")}, rapid.SampledFrom([]string{"core", "ops"}).Draw(t, "team"))
			}
			asked := calendar.Range{From: rapid.SampledFrom([]calendar.Date{span.From, span.From + 5, month}).Draw(t, "from"), To: span.To}
			days, err := w.Teams(t.Context(), ref, asked)
			check(t, err)
			totals, err := w.TeamTotals(t.Context(), ref, asked)
			check(t, err)
			sums := cmp.Comparer(func(a, b *team.Sums) bool { return slices.Equal(a.Bytes(), b.Bytes()) })
			if diff := cmp.Diff(days.Total(asked), totals.Total(asked), sums); diff != "" {
				t.Fatalf("the total (-days +months):\n%s", diff)
			}
			for _, date := range asked.Days() {
				if days.Basis(date) != totals.Basis(date) {
					t.Fatalf("the teams of %s come from %s, of the months from %s", date, days.Basis(date), totals.Basis(date))
				}
			}
			for i := range days.Months {
				if diff := cmp.Diff(days.Months[i].Bytes(), totals.Months[i].Bytes()); diff != "" {
					t.Fatalf("the members of %s (-days +months):\n%s", days.Months[i].First, diff)
				}
			}
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
