package spend_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

const today = calendar.Date(20779) // 2026-11-22

// seen has a snapshot of today, and knows how many days ago each person was in a usage report. It records what is read.
type seen struct {
	kept
	held    []seat.Seat
	daysAgo map[int64]int
	fails   string // the reading that fails

	mu      sync.Mutex
	reads   []string
	counted seat.Tally // the counts that were stored last
}

func (s *seen) PutSeatCounts(_ context.Context, _ connector.Ref, _ calendar.Date, tally seat.Tally) error {
	s.counted = tally
	return nil
}

func (s *seen) SeatsAndMore(_ context.Context, _ connector.Ref, _ calendar.Range, beside func(time.Time)) (*seat.Snapshot, error) {
	beside(now)
	return &seat.Snapshot{AsOf: now, Plan: copilot.PlanBusiness, Seats: s.held}, nil
}

func (s *seen) SeatHistory(ctx context.Context, ref connector.Ref, days, _ calendar.Range, beside func(time.Time)) ([]cost.DayChanges, *seat.Snapshot, error) {
	latest, err := s.SeatsAndMore(ctx, ref, days, beside)
	return nil, latest, err
}

func (s *seen) LastUse(_ context.Context, _ *connector.Connector, days calendar.Range, _ int) (*activity.LastUse, []metrics.Day, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	read := fmt.Sprintf("%d to %d", today-days.From, today-days.To)
	s.reads = append(s.reads, read)
	if read == s.fails {
		return nil, nil, false, errors.New("on fire")
	}
	last := &activity.LastUse{From: days.From}
	for month := days.To.FirstOfMonth(); month >= days.From.FirstOfMonth(); month = (month - 1).FirstOfMonth() {
		active := &activity.Month{First: month}
		for id, ago := range s.daysAgo {
			if day := today - calendar.Date(ago); day.FirstOfMonth() == month && day <= days.To {
				one := &activity.Month{First: month}
				if err := one.Set(day, "report", binary.AppendVarint(nil, id)); err != nil {
					return nil, nil, false, err
				}
				last.Months = append(last.Months, one.LastDays(days.To))
			}
		}
		last.Months = append(last.Months, active.LastDays(days.To))
	}
	return last, nil, true, nil
}

// given returns a seat that was assigned that many days ago and has no activity of its own.
func given(id int64, age int) seat.Seat {
	return seat.Seat{UserID: &id, Plan: copilot.PlanBusiness, CreatedAt: new(now.AddDate(0, 0, -age))}
}

func TestTheLastUseDecidesWhichSeatsAreIdle(t *testing.T) {
	used := given(9, 400)
	used.LastActivityAt = new(now.AddDate(0, 0, -80))
	leaving := given(9, 400)
	leaving.PendingCancellation = new(today + 9)
	nobody := given(9, 400)
	nobody.UserID = nil
	undated := given(9, 400)
	undated.CreatedAt = nil
	for _, test := range []struct {
		name     string
		held     []seat.Seat
		daysAgo  map[int64]int
		firstDay int // days ago
		want     seat.Status
		again    bool // the month needs older days
	}{
		{"seen lately", []seat.Seat{given(1, 400)}, map[int64]int{1: 3}, 400, seat.Active, false},
		{"seen on the last day that counts", []seat.Seat{given(1, 400)}, map[int64]int{1: 30}, 400, seat.Active, false},
		{"seen on the day before", []seat.Seat{given(1, 400)}, map[int64]int{1: 31}, 400, seat.Idle, false},
		{"idle by the seat", []seat.Seat{used}, nil, 400, seat.Idle, false},
		{"leaving", []seat.Seat{leaving}, map[int64]int{9: 38}, 400, seat.PendingCancellation, false},
		{"nobody's", []seat.Seat{nobody}, nil, 400, seat.Idle, false},
		{"seen 38 days ago, on a young seat", []seat.Seat{given(1, 60)}, map[int64]int{1: 38}, 400, seat.Idle, false},
		{"seen 38 days ago, on an old seat", []seat.Seat{given(1, 400)}, map[int64]int{1: 38}, 400, seat.Idle, false},
		{"seen before a new seat", []seat.Seat{given(1, 5)}, map[int64]int{1: 60}, 400, seat.New, false},
		{"never seen, on a young seat", []seat.Seat{given(1, 60)}, nil, 50, seat.NeverUsed, false},
		{"never seen, and nothing older was read", []seat.Seat{given(1, 400)}, nil, 30, seat.Idle, false},
		{"never seen in a year", []seat.Seat{given(1, 400)}, map[int64]int{1: 366}, 500, seat.Idle, false},
		{"date of assignment unknown, seen long ago", []seat.Seat{undated}, map[int64]int{9: 300}, 400, seat.Idle, true},
		{"date of assignment unknown, never seen", []seat.Seat{undated}, map[int64]int{9: 366}, 400, seat.Unknown, true},
		{"date of assignment unknown, and nothing older was read", []seat.Seat{undated}, nil, 30, seat.Unknown, false},
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
				t.Errorf("the seat is %s, want %s", got.Rows[0].Status, test.want)
			}
			year := fmt.Sprintf("%d to 0", min(test.firstDay, 365))
			if diff := cmp.Diff([]string{year}, s.reads); diff != "" {
				t.Errorf("days read (-want +got):\n%s", diff)
			}
			checkAlike(t, reader, c, s, got)
			s.reads = nil
			month, err := reader.Month(t.Context(), c, cost.MonthToDate(now))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got.Idle.MonthlyCost.Add(got.NeverUsed.MonthlyCost), month.IdleSeatCost); diff != "" {
				t.Errorf("the month's idle seats (-seats +month):\n%s", diff)
			}
			want := []string{"21 to 0", fmt.Sprintf("%d to 0", min(test.firstDay, 31))}
			if test.again {
				want = append(want, year)
			}
			if diff := cmp.Diff(want, s.reads, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
				t.Errorf("days read for the month (-want +got):\n%s", diff)
			}
			for _, read := range want {
				s.fails = read
				if _, err := reader.Month(t.Context(), c, cost.MonthToDate(now)); err == nil {
					t.Errorf("no error, although reading %s failed", read)
				}
			}
			s.fails = year
			if _, err := reader.Seats(t.Context(), c, nil); err == nil {
				t.Error("no error, although a reading failed")
			}
		})
	}
}

// checkAlike fails the test if the statuses of people, or the counts of a day, differ from the list of seats.
func checkAlike(t *testing.T, reader spend.Reader, c *connector.Connector, s *seen, seats *spend.Seats) {
	t.Helper()
	of, err := reader.Statuses(t.Context(), c, today)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range seats.Rows {
		if row.UserID == nil {
			continue
		}
		if statuses, err := of([]int64{*row.UserID}); err != nil || statuses[*row.UserID] != row.Status {
			t.Errorf("the person's seat is %s, %v, and %s in the list", statuses[*row.UserID], err, row.Status)
		}
	}
	if err := reader.CountSeats(t.Context(), c, calendar.Range{From: today, To: today}); err != nil {
		t.Fatal(err)
	}
	counted := s.counted.Summary(money.Prices{})
	if *counted.Idle.Count != *seats.Idle.Count || *counted.NeverUsed.Count != *seats.NeverUsed.Count || *counted.Unknown.Count != *seats.Unknown.Count {
		t.Errorf("counted are %d idle, %d never used and %d unknown seats, and listed %d, %d and %d", *counted.Idle.Count, *counted.NeverUsed.Count,
			*counted.Unknown.Count, *seats.Idle.Count, *seats.NeverUsed.Count, *seats.Unknown.Count)
	}
}

func TestNoDayIsReadBeforeTheFirstPoll(t *testing.T) {
	s := &seen{held: []seat.Seat{given(1, 400)}}
	_, err := readerOf(s).Seats(t.Context(), &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30}}, nil)
	if diff := cmp.Diff([]string{"30 to 0"}, s.reads); err != nil || diff != "" {
		t.Errorf("%v, days read (-want +got):\n%s", err, diff)
	}
}

func readerOf(s *seen) spend.Reader {
	r := reader(kept{})
	r.Store, r.Days = s, s
	return r
}

// TeamTotals, ActiveDays and Days return no people.
func (*seen) TeamTotals(_ context.Context, _ *connector.Connector, days calendar.Range) (*ledger.TeamRange, error) {
	return &ledger.TeamRange{Months: []*team.Month{{First: days.From.FirstOfMonth()}}}, nil
}

func (*seen) ActiveDays(context.Context, *connector.Connector, calendar.Range) (*ledger.Active, []metrics.Day, bool, error) {
	return &ledger.Active{}, nil, false, nil
}

func (*seen) Days(context.Context, *connector.Connector, calendar.Range) ([]metrics.Day, error) {
	return nil, nil
}
