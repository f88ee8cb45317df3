package connector

import "cloudmonitor.ai/copilot-connector/internal/calendar"

// Retry is a day that later polls read again, although it is older than the days that each poll reads.
type Retry struct {
	Date   calendar.Date `json:"date"`
	Reason RetryReason   `json:"reason"`
	Tries  int           `json:"tries"`          // how many polls have tried
	Due    calendar.Date `json:"due"`            // day of the poll that tries next; the distance grows
	Told   bool          `json:"told,omitempty"` // people know that it cannot be read
}

// RetryReason is why a day is read again.
type RetryReason string

// The reasons.
const (
	RetryUnreadable RetryReason = "unreadable" // a report could not be read whole
	RetryShort      RetryReason = "short"      // the per-user report has fewer people than GitHub counts
	RetryAbsent     RetryReason = "absent"     // GitHub names a report, and its link leads to nothing
)

// Unreadable lists the days whose reports could not be read whole, oldest first.
func (p Progress) Unreadable() []calendar.Date {
	var dates []calendar.Date
	for _, retry := range p.Retries {
		if retry.Reason == RetryUnreadable {
			dates = append(dates, retry.Date)
		}
	}
	return dates
}
