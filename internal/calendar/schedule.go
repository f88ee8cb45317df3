package calendar

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// MaxAhead is how far ahead of the clock a schedule may be due: enough to try out what the coming days bring.
const MaxAhead = 7 * 24 * time.Hour

// CheckSchedule returns an error of fault.TooFarOff where a schedule's instant is further from the clock
// than anybody can mean. GitHub's reports go one year back.
func CheckSchedule(scheduledFor, now time.Time) error {
	var where string
	switch {
	case scheduledFor.After(now.Add(MaxAhead)):
		where = "more than 7 days ahead of"
	case scheduledFor.Before(now.AddDate(-1, 0, 0)):
		where = "more than a year behind"
	default:
		return nil
	}
	return &fault.Error{
		Code: fault.TooFarOff, Op: "take a schedule", Err: fmt.Errorf("%s is %s the clock, which shows %s",
			scheduledFor.UTC().Format(time.RFC3339), where, now.UTC().Format(time.RFC3339)),
	}
}
