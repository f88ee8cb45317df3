package cost

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

func TestTenuresGiveTheSameSeatDaysAsSnapshots(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPeriod(t)
		p.To, p.Over = p.End(), true
		var changes []DayChanges
		var before []seat.Seat
		for _, day := range story(t, p) {
			plan := seat.SharedPlan(seat.OnePerPerson(day.Seats, day.Date))
			changes = append(changes, DayChanges{Date: day.Date, Changes: seat.ChangesBetween(before, day.Seats), NotListed: day.NotListed, Plan: plan})
			before = day.Seats
		}
		counted := calendar.Range{From: p.From + calendar.Date(rapid.IntRange(0, 20).Draw(t, "from"))}
		counted.To = min(p.To, counted.From+calendar.Date(rapid.IntRange(0, 30).Draw(t, "days")))
		members := &team.Month{First: p.From}
		for range rapid.IntRange(0, 3).Draw(t, "reports") {
			var rows team.Rows
			for id := range int64(6) {
				if err := rows.Add(id+1, 1+id%2, rapid.SampledFrom([]string{"core", "web"}).Draw(t, "team")); err != nil {
					t.Fatal(err)
				}
			}
			of, err := rows.Membership()
			if err != nil {
				t.Fatal(err)
			}
			if err := members.Set(p.From+calendar.Date(rapid.IntRange(0, 27).Draw(t, "reported")), of.Hash(), of); err != nil {
				t.Fatal(err)
			}
		}
		bySnapshots, byTenures := NewSeatDays(p), NewSeatDays(p)
		bySnapshots.Of(counted, members)
		byTenures.Of(counted, members)
		for _, day := range changes {
			if err := bySnapshots.Add(day); err != nil {
				t.Fatal(err)
			}
		}
		tenures, err := TenuresOf(p, changes)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) > 0 {
			byTenures.AddTenures(tenures)
		}
		want, got := bySnapshots.through(counted.To), byTenures.through(counted.To)
		if diff := cmp.Diff(want.withoutOrganizations(), got.withoutOrganizations()); diff != "" {
			t.Fatalf("(-snapshots +tenures):\n%s", diff)
		}
	})
}

// withoutOrganizations returns all that a tally knows, except the organizations of the seats.
func (t tally) withoutOrganizations() string {
	plans := map[holding]int64{}
	for of, n := range t.days {
		plans[holding{plan: of.plan}] += n
	}
	t.days = plans
	held := team.HeldIn(t.period.From, t.byTeam.held)
	stays := ""
	held.Everybody(func(id int64, of []team.Stay) {
		days := map[string]uint32{}
		for _, stay := range of {
			days[held.Teams()[stay.Team]] |= stay.Days
		}
		stays += fmt.Sprintln(id, days)
	})
	known, all, byTeam, people, unnamed := t.sums()
	return fmt.Sprintln(known, all, byTeam, people, unnamed, t.last, t.byTeam.byName(t.byTeam.last), stays)
}
