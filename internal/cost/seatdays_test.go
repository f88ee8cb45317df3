package cost_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// aDollarADay returns prices at which a seat costs a dollar a day in November on Business, and two on Enterprise.
func aDollarADay(t *testing.T) money.Prices {
	return list().With(agreed(t, `{"business":"30","enterprise":"60"}`))
}

// novemberOf computes November 2026 from daily snapshots. Today is the 30th, or another day in November.
func novemberOf(t *testing.T, today string, snapshots map[string][]seat.Seat) cost.Month {
	t.Helper()
	period, err := cost.ParseMonth("2026-11", dayOf(today).Start())
	check(t, err)
	var days []cost.DaySeats
	for _, day := range slices.Sorted(maps.Keys(snapshots)) {
		days = append(days, cost.DaySeats{Date: *dayOf(day), Seats: snapshots[day]})
	}
	return cost.Facts{Period: period, Prices: aDollarADay(t), Seats: heldIn(period, days)}.Month()
}

func seatOf(id int64, plan copilot.Plan, created, leaves string) seat.Seat {
	s := seat.Seat{UserID: &id, Plan: plan}
	if id == 0 {
		s.UserID = nil
	}
	if created != "" {
		s.CreatedAt = new(dayOf(created).Start().Add(15 * time.Hour))
	}
	if leaves != "" {
		s.PendingCancellation = dayOf(leaves)
	}
	return s
}

func TestSeatsCostByTheDaysTheyAreHeld(t *testing.T) {
	const b, e, old = copilot.PlanBusiness, copilot.PlanEnterprise, "2025-01-01"
	type snapshots = map[string][]seat.Seat
	one := []seat.Seat{seatOf(1, b, old, "")}
	for _, test := range []struct {
		name     string
		today    string
		given    snapshots
		want     int64 // dollars
		included int64
	}{
		{"the whole month", "2026-12-05", snapshots{"2026-11-01": one}, 30, 1900},
		{"up to today", "2026-11-22", snapshots{"2026-11-22": one}, 22, 1900},
		{"up to the first", "2026-11-01", snapshots{"2026-11-01": one}, 1, 1900},
		{"nobody", "2026-11-22", snapshots{"2026-11-22": {}}, 0, 0},
		{"a snapshot shortly before", "2026-11-03", snapshots{"2026-10-30": one}, 3, 1900},
		{"a snapshot shortly after", "2026-12-05", snapshots{"2026-12-03": one}, 30, 1900},

		{"came before the first snapshot", "2026-11-22", snapshots{"2026-11-22": {seatOf(1, b, "2026-11-13", "")}}, 10, 1900},
		{"came on the day of the snapshot", "2026-11-22", snapshots{"2026-11-22": {seatOf(1, b, "2026-11-22", "")}}, 1, 1900},
		{"its beginning is unknown", "2026-11-22", snapshots{"2026-11-22": {seatOf(1, b, "", "")}}, 22, 1900},
		{"came between snapshots", "2026-11-22", snapshots{"2026-11-01": {}, "2026-11-20": {seatOf(1, b, "2026-11-13", "")}}, 10, 1900},
		{"came after the snapshot of its day", "2026-11-22", snapshots{"2026-11-13": {}, "2026-11-14": {seatOf(1, b, "2026-11-13", "")}}, 10, 1900},
		{"its date is before a snapshot without it", "2026-11-22", snapshots{"2026-11-10": {}, "2026-11-13": {seatOf(1, b, old, "")}}, 10, 1900},
		{"came after the month", "2026-12-05", snapshots{"2026-12-03": {seatOf(1, b, "2026-12-02", "")}}, 0, 0},

		{"is gone in a later snapshot", "2026-11-22", snapshots{"2026-11-01": one, "2026-11-11": {}}, 10, 1900},
		{"ends on a future day", "2026-11-22", snapshots{"2026-11-22": {seatOf(1, b, old, "2026-12-01")}}, 22, 1900},
		{"left on its date", "2026-11-22", snapshots{"2026-11-05": {seatOf(1, b, old, "2026-11-11")}}, 10, 1900},
		{"is listed beyond its date", "2026-11-22", snapshots{"2026-11-05": {seatOf(1, b, old, "2026-11-11")}, "2026-11-12": {seatOf(1, b, old, "2026-11-11")}}, 10, 1900},
		{"left before the month", "2026-11-22", snapshots{"2026-10-30": {seatOf(1, b, old, "2026-11-01")}, "2026-11-01": {}}, 0, 0},
		{"its cancellation is withdrawn", "2026-11-22", snapshots{"2026-11-05": {seatOf(1, b, old, "2026-12-01")}, "2026-11-12": one}, 22, 1900},
		{"went and came back", "2026-11-22", snapshots{"2026-11-01": one, "2026-11-06": {}, "2026-11-21": {seatOf(1, b, "2026-11-18", "")}}, 10, 1900},

		{"went up a plan", "2026-11-20", snapshots{"2026-11-01": one, "2026-11-11": {seatOf(1, e, old, "")}}, 30, 3900},
		{"went down a plan", "2026-11-20", snapshots{"2026-11-01": {seatOf(1, e, old, "")}, "2026-11-11": one}, 30, 3900},
		{"two grants are one seat of the higher plan", "2026-11-20", snapshots{"2026-11-01": {seatOf(1, b, old, ""), seatOf(1, e, old, "")}}, 40, 3900},
		{"two grants before any snapshot, the higher since the 11th", "2026-11-20", snapshots{"2026-11-20": {seatOf(1, b, old, ""), seatOf(1, e, "2026-11-11", "")}}, 30, 3900},
		{"two grants, the higher until the 10th", "2026-11-20", snapshots{"2026-11-05": {seatOf(1, e, old, "2026-11-11"), seatOf(1, b, old, "")}}, 30, 3900},
		{"two grants, the lower until the 10th", "2026-11-20", snapshots{"2026-11-05": {seatOf(1, e, old, ""), seatOf(1, b, old, "2026-11-11")}}, 40, 3900},
		{"two grants that end one after another", "2026-11-20", snapshots{"2026-11-05": {seatOf(1, b, old, "2026-11-16"), seatOf(1, e, old, "2026-11-11")}}, 25, 3900},
		{"two grants between snapshots", "2026-11-20", snapshots{"2026-11-01": {}, "2026-11-20": {seatOf(1, b, "2026-11-06", ""), seatOf(1, e, "2026-11-11", "")}}, 25, 3900},
		{"two grants, one older than a snapshot without it", "2026-11-20", snapshots{"2026-11-10": {}, "2026-11-20": {seatOf(1, e, old, ""), seatOf(1, b, "2026-11-16", "")}}, 6, 3900},
		{"changed teams between snapshots", "2026-11-20", snapshots{"2026-11-02": {seatOf(1, b, old, "2026-11-05")}, "2026-11-20": {seatOf(1, b, "2026-11-05", "")}}, 20, 1900},
		{"was given a higher grant between snapshots", "2026-11-20", snapshots{"2026-11-02": {seatOf(1, b, old, "2026-11-05")}, "2026-11-20": {seatOf(1, b, old, "2026-11-05"), seatOf(1, e, "2026-11-03", "")}}, 38, 3900},
		{"has a gap between two grants between snapshots", "2026-11-20", snapshots{"2026-11-02": {seatOf(1, b, old, "2026-11-05")}, "2026-11-20": {seatOf(1, b, "2026-11-11", "")}}, 14, 1900},
		{"changed plans within the day of a snapshot", "2026-11-20", snapshots{"2026-11-11": {seatOf(1, b, "2026-11-11", "")}, "2026-11-16": {seatOf(1, e, "2026-11-11", "")}}, 15, 3900},
		{"one left, another came", "2026-11-20", snapshots{"2026-11-01": one, "2026-11-11": {seatOf(2, b, "2026-11-11", "")}}, 20, 3800},

		{"without a person", "2026-11-22", snapshots{"2026-11-22": {seatOf(0, b, "2026-11-13", "")}}, 10, 1900},
		{"without a person, on two days", "2026-11-22", snapshots{"2026-11-01": {seatOf(0, b, old, "")}, "2026-11-22": {seatOf(0, b, old, "")}}, 22, 1900},
		{"without a person, listed on its first day", "2026-11-22", snapshots{"2026-11-13": {seatOf(0, b, "2026-11-13", "")}, "2026-11-14": {seatOf(0, b, "2026-11-13", "")}}, 10, 1900},
		{"two without a person", "2026-11-22", snapshots{"2026-11-01": {seatOf(0, b, old, ""), seatOf(0, b, old, "")}}, 44, 3800},
		{"without a person, come between snapshots", "2026-11-22", snapshots{"2026-11-01": {}, "2026-11-22": {seatOf(0, b, "2026-11-13", "")}}, 10, 1900},
		{"an invitation that was accepted", "2026-11-22", snapshots{"2026-11-01": {seatOf(0, b, old, "")}, "2026-11-11": {seatOf(1, b, old, "")}}, 22, 1900},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := novemberOf(t, test.today, test.given)
			if diff := cmp.Diff(dollars(test.want*100), m.SeatCost); diff != "" {
				t.Errorf("cost (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(&test.included, m.Credits.Included); diff != "" {
				t.Errorf("included credits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASnapshotUpToSevenDaysAroundAMonthCounts(t *testing.T) {
	t.Parallel()
	one := []seat.Seat{seatOf(1, copilot.PlanBusiness, "2025-01-01", "")}
	for date, counts := range map[string]bool{"2026-10-24": false, "2026-10-25": true, "2026-12-07": true, "2026-12-08": false} {
		m := novemberOf(t, "2026-12-20", map[string][]seat.Seat{date: one})
		if (m.SeatCost != nil) != counts || counts && m.SeatsAsOf.String() != date {
			t.Errorf("with the snapshot of %s the seats cost %v, as of %v", date, m.SeatCost, m.SeatsAsOf)
		}
	}
}

func TestTheCostOfUnlistedSeatsIsUnknown(t *testing.T) {
	one := []seat.Seat{seatOf(1, copilot.PlanBusiness, "2025-01-01", "")}
	for name, given := range map[string]map[string][]seat.Seat{
		"no snapshot":                      {},
		"a snapshot long before the month": {"2026-10-24": one},
		"a snapshot of a future day":       {"2026-11-23": one},
		"a snapshot long after the month":  {"2026-12-08": one},
	} {
		m := novemberOf(t, "2026-11-22", given)
		if m.SeatCost != nil || m.TotalSpend != nil || m.Credits.Included != nil || m.Projected.TotalSpend != nil {
			t.Errorf("%s: the costs must be unknown: %+v", name, m)
		}
		mustEqualJSON(t, `[{"team":null,"unassigned":true,"seatDays":null,"seatCost":null,"creditsUsed":null,"creditsBilled":null,"idleSeatCost":null,"totalSpend":null}]`, m.ByTeam)
	}
}

func TestAPlanWithoutAPriceMakesOnlyItsSumsUnknown(t *testing.T) {
	core, ops := seatOf(1, copilot.PlanBusiness, "", ""), seatOf(2, copilot.PlanUnknown, "", "")
	core.Team, ops.Team = "core", "ops"
	m := novemberOf(t, "2026-12-05", map[string][]seat.Seat{"2026-11-01": {core, ops}})
	if m.SeatCost != nil || m.TotalSpend != nil || m.CostPerActiveDeveloper != nil || m.Credits.Included != nil {
		t.Errorf("the costs must be unknown: %+v", m)
	}
	mustEqualJSON(t, `[
		{"team":"core","unassigned":false,"seatDays":30,"seatCost":{"amount":"30.00","currency":"USD","estimated":true},"creditsUsed":null,"creditsBilled":null,"idleSeatCost":null,"totalSpend":{"amount":"30.00","currency":"USD","estimated":true}},
		{"team":"ops","unassigned":false,"seatDays":30,"seatCost":null,"creditsUsed":null,"creditsBilled":null,"idleSeatCost":null,"totalSpend":null},
		{"team":null,"unassigned":true,"seatDays":0,"seatCost":{"amount":"0.00","currency":"USD","estimated":true},"creditsUsed":null,"creditsBilled":null,"idleSeatCost":null,"totalSpend":{"amount":"0.00","currency":"USD","estimated":true}}]`, m.ByTeam)
}

func TestASeatDayBelongsToTheTeamWhoseGrantCounts(t *testing.T) {
	const b, e, old = copilot.PlanBusiness, copilot.PlanEnterprise, "2025-01-01"
	apps, core, ops := seatOf(1, b, old, ""), seatOf(1, e, "2026-11-06", "2026-11-16"), seatOf(1, b, old, "")
	apps.Team, core.Team, ops.Team = "apps", "core", "ops"
	days := map[string]int64{}
	for _, row := range novemberOf(t, "2026-11-20", map[string][]seat.Seat{"2026-11-12": {ops, core, apps}}).ByTeam {
		if !row.Unassigned {
			days[*row.Team] = *row.SeatDays
		}
	}
	if diff := cmp.Diff(map[string]int64{"apps": 10, "core": 10}, days); diff != "" {
		t.Errorf("seat-days (-want +got):\n%s", diff)
	}
}

func TestAnUnknownPlanMakesTheSeatsCostUnknown(t *testing.T) {
	m := novemberOf(t, "2026-11-20", map[string][]seat.Seat{"2026-11-20": {
		seatOf(1, copilot.PlanBusiness, "2025-01-01", ""), seatOf(1, copilot.PlanUnknown, "2025-01-01", ""),
	}})
	if m.SeatCost != nil || m.Credits.Included != nil || m.Reasons["seatCost"] == "" {
		t.Errorf("seats cost %v and include %v, with the reasons %v", m.SeatCost, m.Credits.Included, m.Reasons)
	}
}

func TestTheProjectionKeepsTheNewestSeats(t *testing.T) {
	const b, old = copilot.PlanBusiness, "2025-01-01"
	for name, test := range map[string]struct {
		given []seat.Seat
		want  int64
	}{
		"the seats stay":        {[]seat.Seat{seatOf(1, b, old, "")}, 30},
		"one came":              {[]seat.Seat{seatOf(1, b, old, ""), seatOf(2, b, "2026-11-20", "")}, 41},
		"one leaves":            {[]seat.Seat{seatOf(1, b, old, "2026-11-26")}, 25},
		"a higher grant ends":   {[]seat.Seat{seatOf(1, copilot.PlanEnterprise, old, "2026-11-26"), seatOf(1, b, old, "")}, 55},
		"one leaves at the end": {[]seat.Seat{seatOf(1, b, old, "2026-12-01")}, 30},
	} {
		m := novemberOf(t, "2026-11-22", map[string][]seat.Seat{"2026-11-22": test.given})
		if diff := cmp.Diff(dollars(test.want*100), m.Projected.SeatCost); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTheMissingCentGoesToTheLargestRemainder(t *testing.T) {
	period, err := cost.ParseMonth("2026-10", now)
	check(t, err)
	core, ops := seatOf(1, copilot.PlanBusiness, "2026-10-31", ""), seatOf(2, copilot.PlanBusiness, "2026-10-30", "")
	core.Team, ops.Team = "core", "ops"
	m := cost.Facts{Period: period, Prices: money.ListPrices(period.From), Seats: heldIn(period, []cost.DaySeats{{Date: *dayOf("2026-10-31"), Seats: []seat.Seat{core, ops}}})}.Month()
	// 19 ÷ 31 = 0.6129 and 38 ÷ 31 = 1.2258 add up to 1.8387.
	want := []*money.Money{dollars(61), dollars(123), dollars(0), dollars(184)}
	if diff := cmp.Diff(want, []*money.Money{m.ByTeam[0].SeatCost, m.ByTeam[1].SeatCost, m.ByTeam[2].SeatCost, m.SeatCost}); diff != "" {
		t.Errorf("core, ops, none and all (-want +got):\n%s", diff)
	}
}

func TestASnapshotCannotRemoveAnUnlistedSeat(t *testing.T) {
	t.Parallel()
	const b, old = copilot.PlanBusiness, "2025-01-01"
	listed := seat.Changes{Added: []seat.Seat{seatOf(1, b, old, ""), seatOf(0, b, old, "")}}
	for name, test := range map[string]struct {
		removed []seat.Seat
		refused bool
	}{
		"listed seats":                              {listed.Added, false},
		"a person's seat":                           {[]seat.Seat{seatOf(2, b, old, "")}, true},
		"a person's seat with other terms":          {[]seat.Seat{seatOf(1, copilot.PlanEnterprise, old, "")}, true},
		"a person's seat twice":                     {[]seat.Seat{seatOf(1, b, old, ""), seatOf(1, b, old, "")}, true},
		"a seat without a person, with other terms": {[]seat.Seat{seatOf(0, copilot.PlanEnterprise, old, "")}, true},
		"a seat without a person twice":             {[]seat.Seat{seatOf(0, b, old, ""), seatOf(0, b, old, "")}, true},
	} {
		seats := cost.NewSeatDays(cost.MonthToDate(now))
		check(t, seats.Add(cost.DayChanges{Date: *dayOf("2026-11-01"), Changes: listed}))
		if err := seats.Add(cost.DayChanges{Date: *dayOf("2026-11-02"), Changes: seat.Changes{Removed: test.removed}}); (err != nil) != test.refused {
			t.Errorf("%s: got %v, want refused %v", name, err, test.refused)
		}
	}
}
