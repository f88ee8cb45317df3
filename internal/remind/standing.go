package remind

import (
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Standing is the state of a live connector after the daily poll.
type Standing string

// The standings.
const (
	Current Standing = "current" // its last poll has read all days, or the connector is newer than the poll
	Stopped Standing = "stopped" // GitHub refuses it until the customer acts
	Behind  Standing = "behind"  // neither: the operators must look at it
)

// pollBefore is the time from the daily poll to the reminders, as in template.yaml.
const pollBefore = time.Hour

// StandingOf judges a connector at the instant for which the reminders are scheduled. A connector with days whose reports could
// not be read completely is behind too, until people are told that these days stay unreadable. Polls of many connectors take
// longer than pollBefore: a connector that waits for its turn is judged by the poll of the day before.
func StandingOf(c *connector.Connector, scheduledFor time.Time) Standing {
	polled := scheduledFor.Add(-pollBefore)
	if last := c.LastPoll; last != nil && last.ScheduledFor.Before(polled) {
		polled = polled.AddDate(0, 0, -1)
	}
	newest := calendar.DateOf(polled) - 1
	switch {
	case c.Stopped != "" || c.Status == connector.StatusExpired:
		return Stopped
	case !c.CreatedAt.Before(polled):
		return Current
	case c.LookedThrough == nil || *c.LookedThrough < newest || slices.ContainsFunc(c.Retries, untold):
		return Behind
	}
	return Current
}

func untold(retry connector.Retry) bool {
	return retry.Reason == connector.RetryUnreadable && !retry.Told
}
