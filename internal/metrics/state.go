package metrics

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// State says how far a day's numbers can be relied on.
type State string

// The states of a day.
const (
	Pending     State = "pending"     // no report yet, still expected
	Provisional State = "provisional" // a report was read, and GitHub may still restate it
	Final       State = "final"       // a report was read late enough to be final
	Missing     State = "missing"     // no report, and no longer expected
)

const (
	// GitHub's reports are typically final within three full UTC days. One more day allows for late ones.
	daysUntilFinal = 4
	// GitHub promises a report within two full UTC days. After eight days we do not expect it any more.
	daysUntilMissing = 8
)

// StateRead returns the state of a day whose report was read at an instant.
func StateRead(d calendar.Date, at time.Time) State {
	if at.Before((d + daysUntilFinal).Close()) {
		return Provisional
	}
	return Final
}

// StateUnread returns the state of a day for which GitHub had no report at an instant.
func StateUnread(d calendar.Date, at time.Time) State {
	if at.Before((d + daysUntilMissing).Close()) {
		return Pending
	}
	return Missing
}
