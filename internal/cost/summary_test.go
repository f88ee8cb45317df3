package cost_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func unseen(int64) (connector.Date, bool) { return 0, false }

func TestSeatsAreSummarised(t *testing.T) {
	old := daysAgo(400)
	seats := []cost.Seat{
		{UserID: person(1), Plan: connector.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(1)},
		{UserID: person(2), Plan: connector.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60)},
		{UserID: person(3), Plan: connector.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60)}, // seen in the reports
		{UserID: person(4), Plan: connector.PlanUnknown, CreatedAt: daysAgo(3)},
		{UserID: person(5), Plan: connector.PlanBusiness, CreatedAt: daysAgo(3)}, // seen in the reports
		{UserID: person(6), Plan: connector.PlanBusiness, CreatedAt: old},
		{UserID: person(7), Plan: connector.PlanBusiness, CreatedAt: old, LastActivityAt: daysAgo(60), PendingCancellation: dayOf("2026-12-01")},
		{UserID: nil, Plan: connector.PlanBusiness, CreatedAt: daysAgo(10)},
	}
	seen := func(id int64) (connector.Date, bool) { return *dayOf("2026-11-19"), id == 3 || id == 5 || id == 99 }
	const want = `{"asOf":"2026-11-22T09:00:00Z","plan":"business","total":8,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"idle":{"count":1,"monthlyCost":null},"neverUsed":{"count":2,"monthlyCost":null},"pendingCancellation":1}`
	mustEqualJSON(t, want, cost.Summarise(seats, now.In(time.FixedZone("elsewhere", 3600)), 30, seen, cost.Prices{}))
}

func TestAnAccountWithoutSeatsHasNoneOfAnyKind(t *testing.T) {
	const want = `{"asOf":"2026-11-22T09:00:00Z","plan":"unknown","total":0,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":30,
		"idle":{"count":0,"monthlyCost":null},"neverUsed":{"count":0,"monthlyCost":null},"pendingCancellation":0}`
	mustEqualJSON(t, want, cost.Summarise(nil, now, 30, unseen, cost.Prices{}))
}

func TestSeatsThatWereOnlyAnnouncedAreNotCountedByKind(t *testing.T) {
	const want = `{"asOf":"2026-11-22T09:00:00Z","plan":"enterprise","total":120000,"pricePerSeat":null,"monthlyCost":null,"idleAfterDays":45,
		"idle":{"count":null,"monthlyCost":null},"neverUsed":{"count":null,"monthlyCost":null},"pendingCancellation":null}`
	mustEqualJSON(t, want, cost.Announced(120_000, connector.PlanEnterprise, now.In(time.FixedZone("elsewhere", 3600)), 45))
}

func TestTheKindsOfSeatsAreDisjoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats := cost.OnePerPerson(grants.Draw(t, "grants"))
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
