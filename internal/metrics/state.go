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
	Provisional State = "provisional" // read, GitHub may restate it
	Final       State = "final"       // read late enough to be settled
	Missing     State = "missing"     // no report, and no longer expected
)

const (
	// GitHub's reports are typically final within three full UTC days; one more leaves room for a late one.
	daysUntilFinal = 4
	// GitHub promises a report within two full UTC days. One that has not come after eight will not come.
	daysUntilMissing = 8
)

// StateRead is the state of a day whose report was read at that instant.
func StateRead(d calendar.Date, at time.Time) State {
	if at.Before((d + daysUntilFinal).Close()) {
		return Provisional
	}
	return Final
}

// StateUnread is the state of a day that GitHub had no report for at that instant.
func StateUnread(d calendar.Date, at time.Time) State {
	if at.Before((d + daysUntilMissing).Close()) {
		return Pending
	}
	return Missing
}
