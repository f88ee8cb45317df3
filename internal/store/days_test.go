package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// The heads of days must agree with the days, also for a stored form that no version has written.
func TestTheHeadsAgreeWithTheDays(t *testing.T) {
	t.Parallel()
	w, ref := boltWorld(t), newRef()
	for _, date := range []calendar.Date{today - 3, today - 1} {
		w.poll(t, ref, date, edition{"new", 3})
	}
	days, err := w.Days(t.Context(), ref, month())
	if err != nil {
		t.Fatal(err)
	}
	heads, err := w.Heads(t.Context(), ref, month())
	if diff := cmp.Diff(ledger.HeadsOf(days), heads); diff != "" || err != nil || len(heads) != 2 || heads[0].Users == nil {
		t.Errorf("%v: the heads of %d days (-days +heads):\n%s", err, len(days), diff)
	}
	for item, err := range w.Table.Query(t.Context(), store.Range{Partition: "connector#" + ref.Tenant + "/" + ref.ID, From: "day#", To: "day#~"}) {
		if err != nil {
			t.Fatal(err)
		}
		packed := item.Body
		for _, body := range [][]byte{nil, packed[:10], []byte("{\n"), []byte("[]\n"), append([]byte("{}\n"), packed...)} {
			item.Body = body
			if err := w.Table.PutAll(t.Context(), []store.Item{item}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Days(t.Context(), ref, month()); !fault.Is(err, fault.Store) {
				t.Errorf("the days with the body %q: %v", body, err)
			}
		}
		break
	}
}

func month() calendar.Range { return calendar.Range{From: today - 28, To: today - 1} }

func TestARangeOfDaysAndItsPeopleTakeOneQueryEach(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref, neighbour := newRef(), newRef()
		for _, date := range (calendar.Range{From: today - 30, To: today}).Days() {
			w.poll(t, ref, date, edition{"new", 30 + int(date)%5})
		}
		w.poll(t, neighbour, today-9, edition{"other", 9})
		for _, date := range []calendar.Date{today - 28, today - 9, today - 1} { // days that were restated twice, the second time back to the first edition
			w.poll(t, ref, date, edition{"restated", 44})
			w.poll(t, ref, date, edition{"again", 45})
			w.poll(t, ref, date, edition{"restated", 44})
		}
		w.actions = nil
		p := &probe{}
		people := map[calendar.Date]int64{}
		days, err := daysAndPeople(t.Context(), w.through(p), ref, month(), func(day ledger.Day, set []byte) error {
			active, err := metrics.ReadPeople(day.Date, set)
			people[day.Date] = active.Active()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.calls, []string{"Query", "Query"}) {
			t.Errorf("28 days took %v", p.calls)
		}
		if w.actions != nil && !slices.Equal(w.actions, []string{"DynamoDB_20120810.Query", "DynamoDB_20120810.Query"}) {
			t.Errorf("28 days took %v", w.actions)
		}
		if len(days) != 28 || len(people) != 28 {
			t.Fatalf("%d days, people of %d", len(days), len(people))
		}
		for i, day := range days {
			if want := month().From + calendar.Date(i); day.Date != want || people[want] != day.Users.People {
				t.Errorf("day %s is %s with %d of %d people", want, day.Date, people[want], day.Users.People)
			}
			one, err := w.Day(t.Context(), ref, day.Date)
			if diff := cmp.Diff(&day, one); err != nil || diff != "" {
				t.Errorf("%s: %v (-in the range +alone):\n%s", day.Date, err, diff)
			}
		}
		alone, err := w.Days(t.Context(), ref, month())
		if diff := cmp.Diff(days, alone); err != nil || diff != "" {
			t.Errorf("without people: %v\n%s", err, diff)
		}
	})
}

// daysAndPeople returns the days of a range. It calls each for every day that has a set of people.
func daysAndPeople(ctx context.Context, s *store.Store, ref connector.Ref, days calendar.Range, each func(ledger.Day, []byte) error) ([]ledger.Day, error) {
	list, err := s.Days(ctx, ref, days)
	if err != nil {
		return nil, err
	}
	sets, err := s.PeopleOf(ctx, ref, ledger.HeadsOf(list))
	for _, day := range list {
		if set := sets[day.Date]; err == nil && len(set) > 0 {
			err = each(day, set)
		}
	}
	return list, err
}

func TestAnAbsentDayIsNil(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		if day, err := w.Day(t.Context(), newRef(), day); day != nil || err != nil {
			t.Errorf("the day is %v, %v, want nil", day, err)
		}
		if days, err := w.Days(t.Context(), newRef(), month()); len(days) > 0 || err != nil {
			t.Errorf("the days are %v, %v, want none", days, err)
		}
	})
}

func TestASetOfPeopleLargerThanAnItemIsReadWhole(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		w.poll(t, ref, day-1, edition{"small", 3})
		w.poll(t, ref, day+1, edition{"small", 3})
		set := []byte(strings.Repeat("0123456789abcdef", (2*store.MaxBody+store.MaxBody/2)/16))
		for _, name := range []string{"left behind", "stands", "gone"} { // by their hashes, two sets lie before and behind the valid one
			d := ledger.Day{Day: metrics.ReadDay(day, usageOf(1), nil, w.clock.Now()), Users: &ledger.Users{Hash: name, Pages: 1, People: 1}}
			s := w.Store
			if name != "stands" {
				s = w.through(&probe{at: 2, failure: refused}) // the write of the day itself fails
			}
			err := s.Commit(t.Context(), ref, d, &ledger.PackedPeople{Pages: [][]byte{[]byte(name)}, People: append([]byte(name), set...)})
			if (err == nil) != (name == "stands") {
				t.Fatalf("committing %s returned %v", name, err)
			}
		}
		got := map[calendar.Date]string{}
		_, err := daysAndPeople(t.Context(), w.Store, ref, month(), func(d ledger.Day, people []byte) error {
			got[d.Date] = string(people)
			return nil
		})
		if err != nil || len(got) != 3 || got[day] != "stands"+string(set) {
			t.Errorf("%v: %d sets, one of %d bytes", err, len(got), len(got[day]))
		}
	})
}

func TestTwoRunsOnOneDayDoNotMix(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		w.poll(t, ref, day, edition{"first", 5})
		before, err := w.Day(t.Context(), ref, day)
		if err != nil {
			t.Fatal(err)
		}
		w.poll(t, ref, day, edition{"faster", 6})
		reading, roster := edition{"slower", 7}.reading(w.clock.Now())
		after, _ := ledger.Revise(before, day, reading)
		if err := w.Commit(t.Context(), ref, after, roster); !fault.Is(err, fault.Conflict) {
			t.Errorf("the slower one gets %v", err)
		}
		if stands := w.whole(t, ref); stands != (edition{"faster", 6}).stored() {
			t.Errorf("the stored edition is %s", stands)
		}
	})
}

func TestADamagedDayIsAnErrorOfTheStore(t *testing.T) {
	w := boltWorld(t)
	ref := newRef()
	w.poll(t, ref, day, edition{"first", 5})
	for _, item := range w.items(t, "connector#acme/"+ref.ID) {
		item.Body = item.Body[:len(item.Body)/2]
		if err := w.table.PutAll(t.Context(), []store.Item{item}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Day(t.Context(), ref, day)
	_, rangeErr := w.Days(t.Context(), ref, month())
	if !fault.Is(err, fault.Store) || !fault.Is(rangeErr, fault.Store) {
		t.Errorf("the day: %v; the range: %v", err, rangeErr)
	}
}

func TestTheSameDayAgainIsNoRestatement(t *testing.T) {
	w := boltWorld(t)
	for _, e := range []edition{{"quiet", 0}, {"busy", 20}} {
		ref := newRef()
		w.poll(t, ref, today-1, e)
		p := &probe{}
		for range 2 {
			w.clock.Advance(time.Hour)
			if err := poll(t.Context(), w.through(p), ref, today-1, e); err != nil {
				t.Fatal(err)
			}
		}
		if p.cost.writeUnits != 0 || !slices.Equal(p.calls, []string{"Get", "Get"}) {
			t.Errorf("%s: committing the same again took %v", e.name, p.calls)
		}
	}
}
