package poll

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestWhatEndsTheReadingOfDays(t *testing.T) {
	t.Parallel()
	slow := Day{Err: failure(fault.Unreachable)}
	for name, test := range map[string]struct {
		days    map[calendar.Date]Day
		attempt int
		stop    error
		want    fault.Code
	}{
		"a day that was read":                       {days: map[calendar.Date]Day{today - 1: {State: metrics.Final}}},
		"it has stopped before":                     {days: map[calendar.Date]Day{today - 1: {}}, stop: failure(fault.RateLimited), want: fault.RateLimited},
		"the token is refused":                      {days: map[calendar.Date]Day{today - 1: {Err: failure(fault.TokenRefused)}}, want: fault.TokenRefused},
		"a broken report":                           {days: map[calendar.Date]Day{today - 1: {Err: failure(fault.ReportBroken)}}},
		"people are refused":                        {days: map[calendar.Date]Day{today - 1: {UsersErr: failure(fault.Permission)}}},
		"the limit is reached at people":            {days: map[calendar.Date]Day{today - 1: {UsersErr: failure(fault.RateLimited)}}, want: fault.RateLimited},
		"two neighbours fail":                       {days: map[calendar.Date]Day{today - 1: slow, today - 2: slow}},
		"three neighbours fail":                     {days: map[calendar.Date]Day{today - 1: slow, today - 2: slow, today - 3: slow}, want: fault.Unreachable},
		"three fail, with one between":              {days: map[calendar.Date]Day{today - 1: slow, today - 2: {State: metrics.Final}, today - 3: slow, today - 4: slow}},
		"three fail, with one that is not read yet": {days: map[calendar.Date]Day{today - 1: slow, today - 3: slow, today - 4: slow}},
		"three neighbours fail at the last attempt": {days: map[calendar.Date]Day{today - 1: slow, today - 2: slow, today - 3: slow}, attempt: maxAttempts - 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, r := healthy()
			r.Days, r.Stop, r.Task.Attempt = test.days, test.stop, test.attempt
			if got := fault.CodeOf(r.StopAfter(today - 1)); got != test.want {
				t.Errorf("it ends with %q, want %q", got, test.want)
			}
		})
	}
}
