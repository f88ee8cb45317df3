package calendar

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// MaxAhead is how far in the future a schedule's instant may be. It lets people try out the coming days.
const MaxAhead = 7 * 24 * time.Hour

// CheckSchedule returns a fault.TooFarOff error if a schedule's instant is more than MaxAhead in the future, or older
// than GitHub's reports, which go back one year.
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
