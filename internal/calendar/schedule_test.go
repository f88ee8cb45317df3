package calendar_test

import (
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestAScheduleIsAtMostSevenDaysAheadOfTheClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for at, refused := range map[time.Time]bool{
		time.Unix(0, 0):             false,
		now:                         false,
		now.AddDate(0, 0, 7):        false,
		now.AddDate(0, 0, 7).Add(1): true,
		now.AddDate(10, 0, 0):       true,
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC):               true,
		now.AddDate(0, 0, 7).In(time.FixedZone("east", 14*60*60)): false,
	} {
		err := calendar.CheckSchedule(at, now)
		if fault.Is(err, fault.TooFarAhead) != refused || (err == nil) == refused {
			t.Errorf("%s: %v", at, err)
		}
		if refused && !strings.Contains(err.Error(), "2026-11-28T09:00:00Z") {
			t.Errorf("%v does not show the clock", err)
		}
	}
}
