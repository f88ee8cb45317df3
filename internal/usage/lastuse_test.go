package usage_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// lastSeen computes from the days' own sets when each person was active last, and how many people were active.
func (w *world) lastSeen(t fatal, days calendar.Range) (map[int64]calendar.Date, int64, bool) {
	people, whole := w.people(t, days)
	last := map[int64]calendar.Date{}
	for id := range int64(20) {
		if day, ok := people.LastActive(id); ok {
			last[id] = day
		}
	}
	return last, people.Active(), whole
}

// live draws a story of days: read, restated, kept by month or not, lost.
func (w *world) live(rt *rapid.T) (span calendar.Range) {
	w.anew()
	span = calendar.Range{From: today - calendar.Date(rapid.SampledFrom([]int{80, 365}).Draw(rt, "kept")), To: today - 1}
	for range rapid.IntRange(1, 24).Draw(rt, "days and restatements") {
		date := span.From + calendar.Date(rapid.IntRange(0, int(span.To-span.From)).Draw(rt, "day"))
		var people []metrics.UserDay
		for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 19), 0, 6, rapid.ID[int64]).Draw(rt, "people") {
			people = append(people, someone(id, fmt.Sprint("user-", id), date))
		}
		w.put(rt, date, int64(len(people)), people)
		if rapid.IntRange(0, 2).Draw(rt, "is kept") > 0 {
			if err := w.store.KeepActive(ctx, w.c.Ref, date); err != nil {
				rt.Fatal(err)
			}
		}
	}
	for _, month := range []calendar.Date{today, today - 30} {
		if rapid.Bool().Draw(rt, "the year is kept") {
			if err := w.store.KeepYear(ctx, w.c.Ref, month); err != nil {
				rt.Fatal(err)
			}
		}
	}
	if rapid.IntRange(0, 3).Draw(rt, "restated since") == 0 {
		w.put(rt, today-20, 1, []metrics.UserDay{someone(7, "user-7", today-20)})
	}
	if lost := rapid.SampledFrom([]string{"", "active#", "lastdays#", "lastyear#", "people#"}).Draw(rt, "lost"); lost != "" {
		w.lose(rt, lost, rapid.SampledFrom([]string{"2026-09", "2026-10", "2026-11"}).Draw(rt, "of"))
	}
	return span
}

func within(rt *rapid.T, span calendar.Range) calendar.Range {
	from := span.From + calendar.Date(rapid.IntRange(0, int(span.To-span.From)).Draw(rt, "from"))
	return calendar.Range{From: from, To: from + calendar.Date(rapid.IntRange(0, int(today-from)).Draw(rt, "days"))}
}

// lose removes the stored items with that name and month.
func (w *world) lose(t fatal, name, month string) {
	var keys []store.Key
	for item, err := range w.store.Table.Query(ctx, store.Range{Partition: "connector#" + w.c.Tenant + "/" + w.c.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(item.Sort, name+month) {
			keys = append(keys, item.Key)
		}
	}
	if err := w.store.Table.DeleteAll(ctx, slices.Clip(keys)); err != nil {
		t.Fatal(err)
	}
}
