package remind

import (
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Standing says how a live connector fares on the morning after the daily poll.
type Standing string

// The standings.
const (
	Current Standing = "current" // the poll has looked at all its days, or the connector is younger
	Stopped Standing = "stopped" // GitHub refuses it until the customer does something about it
	Behind  Standing = "behind"  // neither: it is for us to look at
)

// pollBefore is how long before the reminders the daily poll is due, as in template.yaml.
const pollBefore = time.Hour

// StandingOf judges a connector as of the instant for which the reminders are scheduled. One with days whose reports
// could not be read whole is behind, too, until people are told that these stay so.
func StandingOf(c *connector.Connector, scheduledFor time.Time) Standing {
	polled := scheduledFor.Add(-pollBefore)
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
