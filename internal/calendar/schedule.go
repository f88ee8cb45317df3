package calendar

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// MaxAhead is how far ahead of the clock a schedule may be due: enough to try out what the coming days bring.
const MaxAhead = 7 * 24 * time.Hour

// CheckSchedule returns an error of fault.TooFarAhead where a schedule's instant is further ahead of the clock than anybody
// can mean.
func CheckSchedule(scheduledFor, now time.Time) error {
	if !scheduledFor.After(now.Add(MaxAhead)) {
		return nil
	}
	return &fault.Error{
		Code: fault.TooFarAhead, Op: "take a schedule", Err: fmt.Errorf("%s is more than 7 days ahead of the clock, which shows %s",
			scheduledFor.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)),
	}
}
