package calendar_test

import (
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestAScheduleIsAtMostSevenDaysAheadOfTheClockAndAYearBehind(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for at, refused := range map[time.Time]fault.Code{
		{}:                            fault.TooFarOff,
		time.Unix(0, 0):               fault.TooFarOff,
		now.AddDate(-1, 0, 0).Add(-1): fault.TooFarOff,
		now.AddDate(-1, 0, 0):         "",
		now:                           "",
		now.AddDate(0, 0, 7):          "",
		now.AddDate(0, 0, 7).Add(1):   fault.TooFarOff,
		now.AddDate(10, 0, 0):         fault.TooFarOff,
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC):               fault.TooFarOff,
		now.AddDate(0, 0, 7).In(time.FixedZone("east", 14*60*60)): "",
	} {
		err := calendar.CheckSchedule(at, now)
		if (err == nil) != (refused == "") || err != nil && !fault.Is(err, refused) {
			t.Errorf("%s: got the error %v, want code %q", at, err, refused)
		}
		if err != nil && !strings.Contains(err.Error(), "2026-11-28T09:00:00Z") {
			t.Errorf("%v does not name the clock's time", err)
		}
		where := "ahead of"
		if at.Before(now) {
			where = "behind"
		}
		if err != nil && !strings.Contains(err.Error(), where+" the clock") {
			t.Errorf("%v does not say %q", err, where)
		}
	}
}
