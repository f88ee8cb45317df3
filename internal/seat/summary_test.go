package seat_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// november holds GitHub's list prices in that month.
var november = money.ListPrices(*dayOf("2026-11-01"))

func dollars(cents int64) *money.Money {
	return &money.Money{Cents: cents, Currency: "USD", Estimated: true}
}

// seatOf returns a person's seat; id 0: without a person. given is its first day, leaves its last one or "".
func seatOf(id int64, plan copilot.Plan, given, leaves string) seat.Seat {
	held := seat.Seat{Plan: plan, CreatedAt: new(dayOf(given).Start())}
	if id != 0 {
		held.UserID = &id
	}
	if leaves != "" {
		held.PendingCancellation = dayOf(leaves)
	}
	return held
}

func TestSeatsAreSummarised(t *testing.T) {
	t.Parallel()
	old := daysAgo(400)
	seats := []seat.Seat{
		{UserID: person(1), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(1)},
		{UserID: person(2), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60)},
		{UserID: person(3), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60)}, // active by the reports
		{UserID: person(4), Plan: copilot.PlanUnknown, CreatedAt: daysAgo(40)},
		{UserID: person(5), Plan: copilot.PlanBusiness, CreatedAt: daysAgo(3)}, // active by the reports
		{UserID: person(6), Plan: copilot.PlanBusiness, CreatedAt: old},
		{UserID: person(7), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60), PendingCancellation: dayOf("2026-12-01")},
		{UserID: nil, Plan: copilot.PlanBusiness, CreatedAt: daysAgo(10)},
		{UserID: person(8), Plan: copilot.PlanEnterprise},
	}
	view := seat.View{At: now.In(time.FixedZone("elsewhere", 3600)), IdleAfterDays: 30, Reported: seat.Reported{
		Read:     true,
		LastUsed: func(id int64) (calendar.Date, bool) { return *dayOf("2026-11-19"), id == 3 || id == 5 || id == 99 },
	}}
	mustEqualJSON(t, `{"asOf":"2026-11-22T09:00:00Z","plan":"enterprise","basis":"seats_and_usage","total":9,"notListed":0,
		"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"active":{"count":3,"monthlyCost":null},"new":{"count":1,"monthlyCost":null},"idle":{"count":2,"monthlyCost":null},
		"neverUsed":{"count":1,"monthlyCost":null},"pendingCancellation":{"count":1,"monthlyCost":null},"unknown":{"count":1,"monthlyCost":null}}`,
		view.Summarise(seats, 0, money.Prices{}))
	view.Reported = seat.Reported{}
	mustEqualJSON(t, `{"asOf":"2026-11-22T09:00:00Z","plan":"enterprise","basis":"seats_only","total":9,"notListed":0,
		"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"active":{"count":1,"monthlyCost":{"amount":"19.00","currency":"USD","estimated":true}},
		"new":{"count":2,"monthlyCost":{"amount":"38.00","currency":"USD","estimated":true}},
		"idle":{"count":3,"monthlyCost":{"amount":"57.00","currency":"USD","estimated":true}},
		"neverUsed":{"count":1,"monthlyCost":null},
		"pendingCancellation":{"count":1,"monthlyCost":{"amount":"19.00","currency":"USD","estimated":true}},
		"unknown":{"count":1,"monthlyCost":{"amount":"39.00","currency":"USD","estimated":true}}}`,
		view.Summarise(seats, 0, november))
}

func TestTheMonthlyCostOfSeats(t *testing.T) {
	t.Parallel()
	const b, e, unknown, old = copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown, "2025-01-01"
	for _, test := range []struct {
		name                string
		seats               []seat.Seat
		notListed           int
		perSeat, everything *money.Money
	}{
		{"one plan", []seat.Seat{seatOf(1, b, old, ""), seatOf(2, b, old, "")}, 0, dollars(19_00), dollars(38_00)},
		{"mixed plans", []seat.Seat{seatOf(1, b, old, ""), seatOf(2, e, old, "")}, 0, nil, dollars(58_00)},
		{"without people", []seat.Seat{seatOf(0, e, old, "")}, 0, dollars(39_00), dollars(39_00)},
		{"leaving tomorrow", []seat.Seat{seatOf(1, b, old, "2026-11-23")}, 0, dollars(19_00), dollars(19_00)},
		{"left today", []seat.Seat{seatOf(1, b, old, "2026-11-22")}, 0, dollars(19_00), dollars(0)},
		{"an unknown plan", []seat.Seat{seatOf(1, unknown, old, "")}, 0, nil, nil},
		{"an unknown plan among others", []seat.Seat{seatOf(1, b, old, ""), seatOf(2, unknown, old, "")}, 0, nil, nil},
		{"an unknown plan of a seat that has ended", []seat.Seat{seatOf(1, b, old, ""), seatOf(2, unknown, old, "2026-11-01")}, 0, nil, dollars(19_00)},
		{"no seats", nil, 0, nil, dollars(0)},

		{"some not listed beside one plan", []seat.Seat{seatOf(1, b, old, ""), seatOf(2, b, old, "")}, 1, dollars(19_00), dollars(57_00)},
		{"some not listed beside several plans", []seat.Seat{seatOf(1, b, old, ""), seatOf(2, e, old, "")}, 1, nil, nil},
		{"some not listed beside an unknown plan", []seat.Seat{seatOf(1, unknown, old, "")}, 1, nil, nil},
		{"none listed", nil, 3, nil, nil},
	} {
		s := viewed(30, nil, false).Summarise(test.seats, test.notListed, november)
		if diff := cmp.Diff([]*money.Money{test.perSeat, test.everything}, []*money.Money{s.PricePerSeat, s.MonthlyCost}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if s.Total != len(test.seats) || *s.NotListed != test.notListed {
			t.Errorf("%s: the total is %d, and %d are not listed", test.name, s.Total, *s.NotListed)
		}
	}
}

func TestSeatsThatGitHubCountsAndDoesNotList(t *testing.T) {
	t.Parallel()
	grants := []seat.Seat{
		seatOf(1, copilot.PlanBusiness, "2026-01-01", ""), seatOf(1, copilot.PlanEnterprise, "2026-01-01", ""), // one person
		seatOf(2, copilot.PlanBusiness, "2026-01-01", ""), seatOf(0, copilot.PlanBusiness, "2026-01-01", ""), seatOf(0, copilot.PlanBusiness, "2026-01-01", ""),
	}
	for announced, want := range map[int]int{0: 0, 3: 0, 4: 0, 5: 1, 907: 903} {
		if got := seat.NotListed(grants, announced); got != want {
			t.Errorf("GitHub counts %d seats, of which %d are not listed; want %d", announced, got, want)
		}
	}
}

func TestUnlistedSeatsAreNotCountedByStatus(t *testing.T) {
	t.Parallel()
	const want = `{"asOf":"2026-11-22T09:00:00Z","plan":"enterprise","basis":"seats_only","total":120000,"notListed":null,
		"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":45,
		"active":{"count":null,"monthlyCost":null},"new":{"count":null,"monthlyCost":null},"idle":{"count":null,"monthlyCost":null},
		"neverUsed":{"count":null,"monthlyCost":null},"pendingCancellation":{"count":null,"monthlyCost":null},"unknown":{"count":null,"monthlyCost":null}}`
	view := viewed(45, nil, false)
	view.At = now.In(time.FixedZone("elsewhere", 3600))
	mustEqualJSON(t, want, view.Announced(120_000, copilot.PlanEnterprise))
}

func TestEverySeatHasOneStatusAndCostsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats := seat.OnePerPerson(grants.Draw(t, "grants"), today)
		view := viewed(rapid.IntRange(1, 365).Draw(t, "idle after"), nil, rapid.Bool().Draw(t, "whole"))
		s := view.Summarise(seats, 0, november)
		count, sum, known := 0, dollars(0), true
		for _, one := range []seat.Count{s.Active, s.New, s.Idle, s.NeverUsed, s.PendingCancellation, s.Unknown} {
			count += *one.Count
			sum, known = sum.Add(one.MonthlyCost), known && one.MonthlyCost != nil
		}
		if count != len(seats) || s.Total != len(seats) {
			t.Errorf("%d seats by status, total %d, want %d", count, s.Total, len(seats))
		}
		if diff := cmp.Diff(s.MonthlyCost, sum); diff != "" || known != (s.MonthlyCost != nil) {
			t.Errorf("cost (-total +by status):\n%s", diff)
		}
		if diff := cmp.Diff(s.Idle.MonthlyCost.Add(s.NeverUsed.MonthlyCost), s.IdleCost()); diff != "" {
			t.Errorf("cost of idle seats (-want +got):\n%s", diff)
		}
	})
}

func mustEqualJSON(t *testing.T, want string, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var wanted, got any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
