package usage_test

import (
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// All parts of an export together must read little more than what is stored of the range, however many parts there are. Days have
// different numbers of pages here.
func TestAllPartsOfAnExportReadWhatIsStoredOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	days := calendar.LastDays(10, morning())
	for i, date := range days.Days() {
		var people []metrics.UserDay
		for id := range int64([]int{12_000, 9_000, 700}[i%3]) {
			people = append(people, someone(id+1, fmt.Sprint("octo-dev-", id), date))
		}
		w.put(t, date, int64(len(people)), people)
	}
	stored := 0
	for item, err := range w.store.Table.Query(ctx, store.Range{Partition: "connector#" + w.c.Tenant + "/" + w.c.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(item.Sort, "day#") || strings.HasPrefix(item.Sort, "users#") {
			stored += len(item.Partition) + len(item.Sort) + len(item.Body)
		}
	}
	table := &testworld.Reads{Table: w.store.Table}
	w.store.Table = table
	met, parts := map[int64]bool{}, 0
	for next, more := "", true; more; parts++ {
		some, err := w.AllUsers(ctx, w.c, days)
		if err != nil {
			t.Fatal(err)
		}
		for range 4 { // answers per part
			users, err := some(next)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range users.Users {
				if met[u.UserID] {
					t.Fatalf("%d comes twice", u.UserID)
				}
				met[u.UserID] = true
			}
			if more = users.Next != nil; !more {
				break
			}
			next = *users.Next
		}
	}
	if len(met) != 12_000 || parts < 3 {
		t.Errorf("%d people in %d parts", len(met), parts)
	}
	if read := table.Bytes.Load(); read*10 > int64(stored)*12 {
		t.Errorf("%d parts read %d bytes, but only %d are stored", parts, read, stored)
	}
}
