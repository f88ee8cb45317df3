package poll

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

const (
	// maxRetries bounds the days that are tried again. It is more than GitHub keeps.
	maxRetries = 400

	// triesUntilTold is the number of polls that must have failed to read a day before people are told.
	triesUntilTold = 3

	// triesOfAbsent is how often a report is requested if its link leads to no file.
	triesOfAbsent = 5
)

// retryDistance returns after how many days a day is tried again, by the number of tries so far.
func retryDistance(tries int) calendar.Date {
	const longest = 28
	if tries <= 1 {
		return 1
	}
	return min(longest, calendar.Date(1)<<min(tries-2, 5))
}

// whyAgain returns why later polls must read a day again even if it is old, or "".
func (d Day) whyAgain() connector.RetryReason {
	switch {
	case d.failed():
		return connector.RetryUnreadable
	case fault.Is(d.Err, fault.LinkAbsent):
		return connector.RetryAbsent
	case d.looked() && d.State == metrics.Final && d.LooksForPeople > 0 && d.LooksForPeople < ledger.MaxLooksForPeople:
		return connector.RetryShort
	}
	return ""
}

// retries returns the days that must be tried again after a run. Days that do not need it any more are left out.
func retries(before []connector.Retry, r Reading) []connector.Retry {
	day := DayOf(r.Task, calendar.DateOf(r.Began))
	byDate := map[calendar.Date]connector.Retry{}
	for _, retry := range before {
		byDate[retry.Date] = retry
	}
	for date, d := range r.Days {
		known, was := byDate[date]
		switch why := d.whyAgain(); {
		case why == "" && d.looked() && !r.denied():
			delete(byDate, date)
		case why == "": // the day was not read
		case was && known.Due > day: // another run of the same poll has tried it
		default:
			if known.Reason != why {
				known = connector.Retry{Date: date, Reason: why}
			}
			known.Tries++
			known.Due = day + retryDistance(known.Tries)
			byDate[date] = known
		}
	}
	var after []connector.Retry
	for date, retry := range byDate {
		if date >= day-gitHubKeeps && (retry.Reason != connector.RetryAbsent || retry.Tries < triesOfAbsent) {
			after = append(after, retry)
		}
	}
	slices.SortFunc(after, func(a, b connector.Retry) int { return int(a.Date - b.Date) })
	return after[max(0, len(after)-maxRetries):]
}
