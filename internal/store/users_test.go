package store_test

import (
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

func TestAPersonsMonthTakesOneSmallReadPerDay(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		for _, date := range month().Days() {
			if date == day {
				w.poll(t, ref, date, edition{"nobody", 0})
				continue
			}
			w.poll(t, ref, date, edition{"busy", 2000 + 10*int(date%7)})
		}
		days, err := w.Days(t.Context(), ref, month())
		if err != nil {
			t.Fatal(err)
		}
		var who int64
		reading, roster := edition{"busy", 2000}.reading(w.clock.Now())
		_ = metrics.ReadPage(roster.Pages[reading.Users.Pages/2], func(u *metrics.UserDay) error {
			who = u.UserID
			return nil
		})
		w.actions = nil
		p := &probe{}
		pages, err := w.through(p).UsersPages(t.Context(), ref, ledger.HeadsOf(days), func(day ledger.Head) []int {
			return []int{shard.Page(shard.Hash(who), day.Users.Pages)}
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			met := 0
			err := metrics.ReadPage(slices.Concat(pages[d.Date]...), func(u *metrics.UserDay) error {
				if u.UserID == who {
					met++
				}
				return nil
			})
			if want := len(pages[d.Date]); err != nil || met != want || (d.Date == day) != (want == 0) {
				t.Errorf("on %s the person has %d rows: %v", d.Date, met, err)
			}
		}
		if !slices.Equal(p.calls, []string{"GetAll"}) || p.cost.asked != 27 {
			t.Errorf("the read took %v for %d items", p.calls, p.cost.asked)
		}
		if w.actions != nil && !slices.Equal(w.actions, []string{"DynamoDB_20120810.BatchGetItem"}) {
			t.Errorf("the read took %v", w.actions)
		}
		if perDay := p.cost.bytesRead / 27; perDay > 16<<10 {
			t.Errorf("a day takes %d bytes", perDay)
		}
		t.Logf("%d bytes and %d read units a day", p.cost.bytesRead/27, p.cost.readUnits/27)
	})
}

func TestADayWithoutAPerUserReportHasNoPage(t *testing.T) {
	w := boltWorld(t)
	days := []ledger.Day{{Day: metrics.ReadDay(day, usageOf(3), nil, w.clock.Now())}}
	p := &probe{}
	pages, err := w.through(p).UsersPages(t.Context(), newRef(), ledger.HeadsOf(days), func(ledger.Head) []int { return []int{0} })
	if err != nil || len(pages) > 0 || p.cost.asked > 0 {
		t.Errorf("%v, %v, %d items asked for", pages, err, p.cost.asked)
	}
}
