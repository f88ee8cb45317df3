package ledger

import (
	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// LastUse has the last active day of each person in a range.
type LastUse struct {
	activity.LastUse
	Days    []Day           // the stored days that the caller shows
	Lacking []calendar.Date // days with missing people
}
