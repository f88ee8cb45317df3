package activity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

const november = calendar.Date(20758) // 2026-11-01

func TestAMonthAgreesWithItsDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		month := &activity.Month{First: november}
		stands := map[calendar.Date]*metrics.People{}
		for range rapid.IntRange(0, 40).Draw(t, "readings") { // many readings are of a day that was read before
			date := november + calendar.Date(rapid.IntRange(0, 29).Draw(t, "day"))
			people := new(metrics.Roster)
			for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 30), 0, 8, rapid.ID[int64]).Draw(t, "people") {
				if err := people.Add(&metrics.UserDay{UserID: id, Engaged: rapid.Bool().Draw(t, "engaged")}); err != nil {
					t.Fatal(err)
				}
			}
			stands[date] = people.People(date)
			if err := month.Set(date, "report", stands[date].Bytes()); err != nil {
				t.Fatal(err)
			}
			if got := month.On(date); got != stands[date].Active() {
				t.Fatalf("%d people on %s, want %d", got, date, stands[date].Active())
			}
		}
		back, err := activity.ReadMonth(november, month.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(month.Bytes(), back.Bytes()); diff != "" {
			t.Fatalf("the stored month is read differently (-want +got):\n%s", diff)
		}
		until := november + calendar.Date(rapid.IntRange(0, 30).Draw(t, "until"))
		last, err := activity.ReadLastDays(november, back.LastDays(until).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		all := &metrics.People{}
		for date, people := range stands {
			if date <= until {
				all.Merge(people)
			}
		}
		use := activity.LastUse{From: november, Months: []*activity.LastDays{last}}
		var ids []int64
		for id := range int64(31) {
			ids = append(ids, id)
		}
		got := use.Of(ids)
		for _, id := range ids {
			want, ok := all.LastActive(id)
			if day, known := got[id]; known != ok || known && day != want {
				t.Fatalf("person %d was last active on %s, %t; want %s, %t", id, day, known, want, ok)
			}
		}
		if use.Active() != all.Active() {
			t.Fatalf("%d people, want %d", use.Active(), all.Active())
		}
	})
}

func TestADayOfAnotherMonthIsRefused(t *testing.T) {
	t.Parallel()
	for _, day := range []calendar.Date{november - 1, november + 31} {
		if (&activity.Month{First: november}).Set(day, "report", nil) == nil {
			t.Errorf("%s is accepted", day)
		}
	}
}

func FuzzRead(f *testing.F) {
	month := &activity.Month{First: november}
	f.Add(month.Bytes())
	if err := month.Set(november+3, "report", []byte{2, 3}); err != nil {
		f.Fatal(err)
	}
	f.Add(month.Bytes())
	f.Add(month.LastDays(november + 30).Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		if month, err := activity.ReadMonth(november, text); err == nil {
			if _, err := activity.ReadMonth(november, month.Bytes()); err != nil {
				t.Error(err)
			}
		}
		if last, err := activity.ReadLastDays(november, text); err == nil {
			if _, err := activity.ReadLastDays(november, last.Bytes()); err != nil {
				t.Error(err)
			}
		}
	})
}
