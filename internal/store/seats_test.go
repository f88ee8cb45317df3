package store_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func seats(many int, asOf time.Time) seat.Snapshot {
	s := seat.Snapshot{AsOf: asOf, Plan: copilot.PlanBusiness, Seats: []seat.Seat{}}
	for i := range many {
		seat := seat.Seat{
			UserID: new(int64(1000 + 7*i)), Login: "developer-" + slugOf(i), Team: "platform", Plan: copilot.PlanBusiness,
			CreatedAt: new(asOf.AddDate(0, 0, -i%400)),
		}
		if i%5 > 0 {
			seat.LastActivityAt, seat.LastActivityEditor = new(asOf.Add(-time.Duration(i)*time.Minute)), "vscode/1.104.2/copilot-chat/0.31.5"
		}
		s.Seats = append(s.Seats, seat)
	}
	return s
}

// snapshot reads a day's snapshot from the items of the table. It fails the test if the day has other items.
func (w *world) snapshot(t *testing.T, ref connector.Ref, date calendar.Date) *seat.Snapshot {
	t.Helper()
	var head struct {
		AsOf         time.Time
		Plan         copilot.Plan
		Total, Pages int
		Set          string
	}
	var s *seat.Snapshot
	list, met := []seat.Seat{}, 0
	items := w.items(t, "connector#"+ref.Tenant+"/"+ref.ID)
	read := func(body []byte) []byte {
		t.Helper()
		return unzipped(t, body)
	}
	for _, item := range items {
		if item.Sort == "seats#"+date.String() {
			if err := json.Unmarshal(read(item.Body), &head); err != nil {
				t.Fatal(err)
			}
			s = &seat.Snapshot{AsOf: head.AsOf, Plan: head.Plan}
		}
	}
	for _, item := range items {
		if s != nil && strings.HasPrefix(item.Sort, "seatlist#"+date.String()+"#"+head.Set+"#") {
			page, err := seat.Unpack(read(item.Body))
			if err != nil {
				t.Fatal(err)
			}
			list, met = append(list, page...), met+1
		}
	}
	if s == nil {
		return nil
	}
	if s.Seats = list; met != head.Pages || len(list) != head.Total {
		t.Errorf("%d of %d pages and %d of %d seats", met, head.Pages, len(list), head.Total)
	}
	return s
}

func TestASnapshotReplacesThatOfTheSameDayWhicheverCallFails(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			ref := newRef()
			first, second, other := seats(2002, begins), seats(2001, begins.Add(time.Hour)), seats(3, begins.AddDate(0, 0, -1))
			put := func(date calendar.Date, s seat.Snapshot) {
				t.Helper()
				if err := w.PutSeats(t.Context(), ref, date, s); err != nil {
					t.Fatal(err)
				}
			}
			put(today-1, other)
			put(today, first)
			p.each = func() {
				if got := w.snapshot(t, ref, today); !reflect.DeepEqual(got, &first) && !reflect.DeepEqual(got, &second) { // cmp is slow on so many seats
					t.Errorf("after %v the snapshot is a mix of both", p.calls)
				}
			}
			if err := w.through(p).PutSeats(t.Context(), ref, today, second); err != nil {
				put(today, second)
			}
			if got := w.snapshot(t, ref, today); !reflect.DeepEqual(got, &second) {
				t.Errorf("today (-want +got):\n%.2000s", cmp.Diff(&second, got))
			}
			w.clock.Advance(time.Hour)
			if left := w.gathered(t, ref); len(left) != 1+2+1+1+1 { // two pages of today, one of yesterday, the item that names them, and the changes in between
				t.Errorf("items after an hour: %q", left)
			}
			if diff := cmp.Diff(&other, w.snapshot(t, ref, today-1)); diff != "" {
				t.Errorf("yesterday (-want +got):\n%.2000s", diff)
			}
		})
	})
}

func TestABillReplacesThatOfTheSameMonth(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		ref := newRef()
		bill := func(readAt time.Time, net int64) cost.CreditBill {
			return cost.CreditBill{ReadAt: readAt, Items: []cost.CreditItem{{Model: "GPT-5", UnitType: "credits", NetAmount: new(money.Hundredths(net))}}}
		}
		first, second, october := bill(begins, 300), bill(begins.Add(time.Hour), 900), bill(begins, 100)
		for _, put := range []struct {
			day  calendar.Date
			bill cost.CreditBill
		}{{today, first}, {today - 30, october}, {today + 8, second}} { // the 22nd and the 30th of November
			if err := w.PutBill(t.Context(), ref, put.day, put.bill); err != nil {
				t.Fatal(err)
			}
		}
		for day, want := range map[calendar.Date]*cost.CreditBill{today: &second, today - 30: &october, today - 60: nil} {
			got, err := w.Bill(t.Context(), ref, day)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", day, diff)
			}
		}
	})
}

func TestAnEmptySnapshotIsStored(t *testing.T) {
	w := boltWorld(t)
	ref, none := newRef(), seats(0, begins)
	if err := w.PutSeats(t.Context(), ref, today, none); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&none, w.snapshot(t, ref, today)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheOldestReplacedSnapshotIsRemovedFirst(t *testing.T) {
	w := boltWorld(t)
	ref := newRef()
	for i, want := range []int{1, 2, 2, 2} { // pages left: of the last snapshot and the one of 40 minutes ago, but not the one of 80 minutes ago
		if err := w.PutSeats(t.Context(), ref, today, seats(1+i, begins)); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(40 * time.Minute)
		if left := w.gathered(t, ref); len(left) != want+1 {
			t.Errorf("items after snapshot %d: %q", i+1, left)
		}
	}
}
