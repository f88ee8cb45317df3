package usage_test

import (
	"fmt"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// BenchmarkSortedUsers reads the first page of a list of 10,000 people over 28 days, all of them active on each day.
func BenchmarkSortedUsers(b *testing.B) {
	w := newWorld(b)
	days := calendar.LastDays(28, morning())
	for _, date := range days.Days() {
		var people []metrics.UserDay
		for id := range int64(10_000) {
			people = append(people, someone(id+1, fmt.Sprint("octo-dev-", id), date))
		}
		w.put(b, date, int64(len(people)), people)
	}
	table := &testworld.Reads{Table: w.store.Table}
	w.store.Table = table
	b.ReportAllocs()
	table.Beside(b, func() {
		if _, err := w.SortedUsers(ctx, w.c, days, usage.UserList{Sort: "creditsUsed", Descending: true}, ""); err != nil {
			b.Fatal(err)
		}
	})
}
