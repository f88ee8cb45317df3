package cost_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func unseen(int64) (calendar.Date, bool) { return 0, false }

func TestSeatsAreSummarised(t *testing.T) {
	old := daysAgo(400)
	seats := []cost.Seat{
		{UserID: person(1), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(1)},
		{UserID: person(2), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60)},
		{UserID: person(3), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60)}, // seen in the reports
		{UserID: person(4), Plan: copilot.PlanUnknown, CreatedAt: daysAgo(3)},
		{UserID: person(5), Plan: copilot.PlanBusiness, CreatedAt: daysAgo(3)}, // seen in the reports
		{UserID: person(6), Plan: copilot.PlanBusiness, CreatedAt: old},
		{UserID: person(7), Plan: copilot.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60), PendingCancellation: dayOf("2026-12-01")},
		{UserID: nil, Plan: copilot.PlanBusiness, CreatedAt: daysAgo(10)},
	}
	seen := func(id int64) (calendar.Date, bool) { return *dayOf("2026-11-19"), id == 3 || id == 5 || id == 99 }
	const unpriced = `{"asOf":"2026-11-22T09:00:00Z","plan":"business","total":8,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"idle":{"count":1,"monthlyCost":null},"neverUsed":{"count":2,"monthlyCost":null},"pendingCancellation":1}`
	const priced = `{"asOf":"2026-11-22T09:00:00Z","plan":"business","total":8,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"idle":{"count":1,"monthlyCost":{"amount":"19.00","currency":"USD","estimated":true}},
		"neverUsed":{"count":2,"monthlyCost":null},"pendingCancellation":1}`
	elsewhere := now.In(time.FixedZone("elsewhere", 3600))
	mustEqualJSON(t, unpriced, cost.Summarise(seats, elsewhere, 30, seen, cost.Prices{}))
	mustEqualJSON(t, priced, cost.Summarise(seats, elsewhere, 30, seen, list("2026-11-01"))) // one of unknown price is never used
}

func TestWhatSeatsCostAMonth(t *testing.T) {
	const b, e, old = copilot.PlanBusiness, copilot.PlanEnterprise, "2025-01-01"
	for _, test := range []struct {
		name                string
		seats               []cost.Seat
		perSeat, everything *cost.Money
	}{
		{"one plan", []cost.Seat{seat(1, b, old, ""), seat(2, b, old, "")}, dollars(19_00), dollars(38_00)},
		{"mixed plans", []cost.Seat{seat(1, b, old, ""), seat(2, e, old, "")}, nil, dollars(58_00)},
		{"nobody named", []cost.Seat{seat(0, e, old, "")}, dollars(39_00), dollars(39_00)},
		{"leaving tomorrow", []cost.Seat{seat(1, b, old, "2026-11-23")}, dollars(19_00), dollars(19_00)},
		{"left today", []cost.Seat{seat(1, b, old, "2026-11-22")}, dollars(19_00), dollars(0)},
		{"an unknown plan", []cost.Seat{seat(1, copilot.PlanUnknown, old, "")}, nil, nil},
		{"an unknown plan among others", []cost.Seat{seat(1, b, old, ""), seat(2, copilot.PlanUnknown, old, "")}, nil, nil},
		{"an unknown plan that is over", []cost.Seat{seat(1, b, old, ""), seat(2, copilot.PlanUnknown, old, "2026-11-01")}, nil, dollars(19_00)},
		{"no seats", nil, nil, dollars(0)},
	} {
		s := cost.Summarise(test.seats, now, 30, unseen, list("2026-11-01"))
		if diff := cmp.Diff([]*cost.Money{test.perSeat, test.everything}, []*cost.Money{s.PricePerSeat, s.MonthlyCost}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestSeatsAreListed(t *testing.T) {
	seats := []cost.Seat{
		{UserID: person(1), Login: "ada", Team: "core", Plan: copilot.PlanBusiness, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(1), LastActivityEditor: "vscode"},
		{Plan: copilot.PlanBusiness},
		{UserID: person(3), Login: "bo", Plan: copilot.PlanBusiness, CreatedAt: daysAgo(400)},
	}
	seen := func(id int64) (calendar.Date, bool) { return *dayOf("2026-11-19"), id == 3 }
	mustEqualJSON(t, `[
		{"userId":1,"login":"ada","team":"core","createdAt":"2025-10-18T09:00:00Z","lastActivityAt":"2026-11-21T09:00:00Z","lastActivityEditor":"vscode","status":"active"},
		{"userId":null,"login":null,"team":null,"createdAt":null,"lastActivityAt":null,"lastActivityEditor":null,"status":"unknown"},
		{"userId":3,"login":"bo","team":null,"createdAt":"2025-10-18T09:00:00Z","lastActivityAt":null,"lastActivityEditor":null,"status":"active"}]`,
		cost.SeatRows(seats, now, 30, seen))
	mustEqualJSON(t, `[]`, cost.SeatRows(nil, now, 30, unseen))
}

func TestAnAccountWithoutSeatsHasNoneOfAnyKind(t *testing.T) {
	const want = `{"asOf":"2026-11-22T09:00:00Z","plan":"unknown","total":0,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"idle":{"count":0,"monthlyCost":null},"neverUsed":{"count":0,"monthlyCost":null},"pendingCancellation":0}`
	mustEqualJSON(t, want, cost.Summarise(nil, now, 30, unseen, cost.Prices{}))
}

func TestSeatsThatWereOnlyAnnouncedAreNotCountedByKind(t *testing.T) {
	const want = `{"asOf":"2026-11-22T09:00:00Z","plan":"enterprise","total":120000,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":45,
		"idle":{"count":null,"monthlyCost":null},"neverUsed":{"count":null,"monthlyCost":null},"pendingCancellation":null}`
	mustEqualJSON(t, want, cost.Announced(120_000, copilot.PlanEnterprise, now.In(time.FixedZone("elsewhere", 3600)), 45))
}

func TestTheKindsOfSeatsAreDisjoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats := cost.OnePerPerson(grants.Draw(t, "grants"), today)
		summary := cost.Summarise(seats, now, rapid.IntRange(1, 365).Draw(t, "idle after"), unseen, cost.Prices{})
		if known := *summary.Idle.Count + *summary.NeverUsed.Count + *summary.PendingCancellation; known > summary.Total || summary.Total != len(seats) {
			t.Errorf("%d of %d seats, %d listed", known, summary.Total, len(seats))
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
