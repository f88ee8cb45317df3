package spend_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
)

const today = calendar.Date(20779) // 2026-11-22

// seen is a snapshot of today, and on how many days ago people were in the usage reports. It counts what is read.
type seen struct {
	kept
	held    []seat.Seat
	daysAgo map[int64]int
	fails   int // the reading, counted from one, that fails
	reads   []string
}

func (s *seen) LatestSeats(context.Context, connector.Ref, calendar.Range) (*seat.Snapshot, error) {
	return &seat.Snapshot{AsOf: now, Plan: copilot.PlanBusiness, Seats: s.held}, nil
}

func (s *seen) SeatHistory(ctx context.Context, ref connector.Ref, days, _ calendar.Range) ([]cost.DayChanges, *seat.Snapshot, error) {
	latest, err := s.LatestSeats(ctx, ref, days)
	return nil, latest, err
}

func (s *seen) Range(_ context.Context, _ *connector.Connector, days calendar.Range) ([]metrics.Day, *metrics.People, bool, error) {
	s.reads = append(s.reads, fmt.Sprintf("%d to %d", today-days.From, today-days.To))
	if len(s.reads) == s.fails {
		return nil, nil, false, errors.New("on fire")
	}
	people := &metrics.People{}
	for id, ago := range s.daysAgo {
		if day := today - calendar.Date(ago); days.From <= day && day <= days.To {
			one, err := metrics.ReadPeople(day, binary.AppendVarint(nil, id))
			if err != nil {
				return nil, nil, false, err
			}
			people.Merge(one)
		}
	}
	return nil, people, true, nil
}

// given is a seat of that age in days, without any activity of its own.
func given(id int64, age int) seat.Seat {
	return seat.Seat{UserID: &id, Plan: copilot.PlanBusiness, CreatedAt: new(now.AddDate(0, 0, -age))}
}

func TestUsageIsLookedForAsFarBackAsItMayTellMoreOfASeat(t *testing.T) {
	used := given(9, 400)
	used.LastActivityAt = new(now.AddDate(0, 0, -80))
	leaving := given(9, 400)
	leaving.PendingCancellation = new(today + 9)
	nobody := given(9, 400)
	nobody.UserID = nil
	const usual = "30 to 0"
	for _, test := range []struct {
		name     string
		held     []seat.Seat
		daysAgo  map[int64]int
		firstDay int         // days ago
		want     seat.Status // of the first seat
		reads    []string
	}{
		{"everybody seen lately", []seat.Seat{given(1, 400)}, map[int64]int{1: 3}, 400, seat.Active, []string{usual}},
		{"idle by the seat", []seat.Seat{used}, nil, 400, seat.Idle, []string{usual, "58 to 31", "86 to 59"}},
		{"leaving", []seat.Seat{leaving}, map[int64]int{9: 38}, 400, seat.PendingCancellation, []string{usual, "58 to 31"}},
		{"nobody's", []seat.Seat{nobody}, nil, 400, seat.Idle, []string{usual}},
		{"seen 38 days ago, on a young seat", []seat.Seat{given(1, 60)}, map[int64]int{1: 38}, 400, seat.Idle, []string{usual, "58 to 31"}},
		{"seen 38 days ago, on an old seat", []seat.Seat{given(1, 400)}, map[int64]int{1: 38}, 400, seat.Idle, []string{usual, "58 to 31"}},
		{"seen before a new seat", []seat.Seat{given(1, 5)}, map[int64]int{1: 60}, 400, seat.New, []string{usual, "58 to 31", "86 to 59"}},
		{"seen before, and another never", []seat.Seat{given(1, 400), given(2, 60)}, map[int64]int{1: 38}, 70, seat.Idle, []string{usual, "58 to 31", "70 to 59"}},
		{"never seen, on a young seat", []seat.Seat{given(1, 60)}, nil, 50, seat.NeverUsed, []string{usual, "50 to 31"}},
		{"never seen, and nothing older was read", []seat.Seat{given(1, 400)}, nil, 30, seat.Idle, []string{usual}},
		{"never seen in a year", []seat.Seat{given(1, 400)}, map[int64]int{1: 366}, 500, seat.Idle, []string{
			usual, "58 to 31", "86 to 59", "114 to 87", "142 to 115", "170 to 143", "198 to 171", "226 to 199", "254 to 227", "282 to 255", "310 to 283", "338 to 311", "365 to 339",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30}, Progress: connector.Progress{FirstDay: new(today - calendar.Date(test.firstDay))}}
			s := &seen{held: test.held, daysAgo: test.daysAgo}
			reader := readerOf(s)
			got, err := reader.Seats(t.Context(), c, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows[0].Status != test.want {
				t.Errorf("it is %s, want %s", got.Rows[0].Status, test.want)
			}
			if diff := cmp.Diff(test.reads, s.reads); diff != "" {
				t.Errorf("days read (-want +got):\n%s", diff)
			}
			s.reads = nil
			month, err := reader.Month(t.Context(), c, cost.MonthToDate(now))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got.Idle.MonthlyCost.Add(got.NeverUsed.MonthlyCost), month.IdleSeatCost); diff != "" {
				t.Errorf("the month's idle seats (-seats +month):\n%s", diff)
			}
			if diff := cmp.Diff(append(test.reads, "21 to 0"), s.reads); diff != "" {
				t.Errorf("days read for the month (-want +got):\n%s", diff)
			}
			s.reads, s.fails = nil, len(test.reads)
			if _, err := reader.Seats(t.Context(), c, nil); err == nil {
				t.Error("that a reading failed is not told")
			}
		})
	}
}

func TestBeforeAnythingWasReadThereIsNothingToLookFor(t *testing.T) {
	s := &seen{held: []seat.Seat{given(1, 400)}}
	if _, err := readerOf(s).Seats(t.Context(), &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30}}, nil); err != nil || len(s.reads) != 1 {
		t.Errorf("read %v, %v", s.reads, err)
	}
}

func readerOf(s *seen) spend.Reader {
	r := reader(kept{})
	r.Store, r.Days = s, s
	return r
}
