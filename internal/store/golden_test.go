package store_test

import (
	"encoding/json"
	"os"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// testdata/connector.json has the items of a connector as 0.2.0 stores them. It is never written anew: what a version has stored, later
// ones can read.
func TestWhatWasStoredCanBeRead(t *testing.T) {
	t.Parallel()
	var items []store.Item
	text, err := os.ReadFile("testdata/connector.json")
	check(t, err)
	check(t, json.Unmarshal(text, &items))
	stored, ref := boltWorld(t), newRef()
	for i := range items {
		items[i].Partition = "connector#" + ref.Tenant + "/" + ref.ID
		items[i].Version = 0
	}
	check(t, stored.table.PutAll(t.Context(), items))

	fresh, other := boltWorld(t), newRef()
	storeSample(t, fresh, other)
	if got, want := readSample(t, stored, ref), readSample(t, fresh, other); got != want {
		t.Errorf("what was stored is read as\n%s\nand what is stored now as\n%s", got, want)
	}
}

// storeSample stores a day, its people, seats, and a bill.
func storeSample(t *testing.T, w *world, ref connector.Ref) {
	t.Helper()
	reading, people := edition{"e", 3}.reading(w.clock.Now())
	written, _ := ledger.Revise(nil, day, reading)
	check(t, w.Commit(t.Context(), ref, written, people))
	check(t, w.PutSeats(t.Context(), ref, day, seats(3, day.Start())))
	check(t, w.PutBill(t.Context(), ref, day, cost.CreditBill{}))
}

func readSample(t *testing.T, w *world, ref connector.Ref) string {
	t.Helper()
	days := calendar.Range{From: day, To: day}
	read, err := w.Days(t.Context(), ref, days)
	check(t, err)
	heads, err := w.Heads(t.Context(), ref, days)
	check(t, err)
	people, err := w.PeopleOf(t.Context(), ref, heads)
	check(t, err)
	holders, err := w.LatestSeats(t.Context(), ref, days)
	check(t, err)
	bill, err := w.Bill(t.Context(), ref, day)
	check(t, err)
	if len(read) != 1 || len(people) != 1 || holders == nil || len(holders.Seats) != 3 || bill == nil {
		t.Errorf("%d days, people of %d, seats %v, bill %v", len(read), len(people), holders, bill)
	}
	return string(asJSON(t, []any{read, heads, string(people[day]), holders, bill}))
}
