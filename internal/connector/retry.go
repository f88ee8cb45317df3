package connector

import "cloudmonitor.ai/copilot-connector/internal/calendar"

// Retry is a day that later polls read again although it is older than the days that every poll reads.
type Retry struct {
	Date   calendar.Date `json:"date"`
	Reason RetryReason   `json:"reason"`
	Tries  int           `json:"tries"`          // how many polls have tried
	Due    calendar.Date `json:"due"`            // day of the poll that tries next; the interval grows with each try
	Told   bool          `json:"told,omitempty"` // people were told that the day cannot be read
}

// RetryReason is why later polls read a day again.
type RetryReason string

// The reasons.
const (
	RetryUnreadable RetryReason = "unreadable" // a report could not be read completely
	RetryShort      RetryReason = "short"      // the per-user report has fewer people than GitHub counts
	RetryAbsent     RetryReason = "absent"     // GitHub names a report, but its link leads to nothing
)

// Unreadable lists the days whose reports could not be read completely, oldest first.
func (p Progress) Unreadable() []calendar.Date {
	var dates []calendar.Date
	for _, retry := range p.Retries {
		if retry.Reason == RetryUnreadable {
			dates = append(dates, retry.Date)
		}
	}
	return dates
}
