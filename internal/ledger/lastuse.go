package ledger

import (
	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// LastUse is when each was active last in a range of days.
type LastUse struct {
	activity.LastUse
	Days    []Day           // those that are to be shown, as they are stored
	Lacking []calendar.Date // days whose people are not all there that their report has
}
