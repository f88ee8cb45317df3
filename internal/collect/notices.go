package collect

import (
	"fmt"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// notice puts into the connector what people are to be told of this run, once for each change.
func (r *run) notice(c *connector.Connector, before connector.Status) {
	if c.Status != before {
		detail := fmt.Sprintf("%s → %s", before, c.Status)
		if c.StatusReason != "" {
			detail += ": " + c.StatusReason
		}
		c.Record(r.began, connector.ActorPoll, connector.ActionStatusChanged, detail)
	}
	switch stopped := r.stopKind(); {
	case stopped != "" && stopped != c.Stopped:
		c.Stopped = stopped
		// That a token has expired is told by the reminder of the same day.
		if expiry := c.Credential.ExpiresAt; expiry == nil || expiry.After(r.began) || !fault.Is(r.stop, fault.TokenRefused) {
			c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeStopped, At: r.began, Reason: c.StatusReason})
		}
	case stopped == "" && r.complete() && c.Stopped != "":
		c.Stopped = ""
		c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeHealed, At: r.began})
	}
	if c.Stopped != "" {
		return // what is missing meanwhile is told once it has healed
	}
	if missing := r.newlyMissing(c); len(missing) > 0 {
		c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeMissing, At: r.began, Days: missing})
	}
}

// stopKind says what keeps usage from being read until somebody does something about it; empty: nothing.
func (r *run) stopKind() connector.StopKind {
	switch {
	case fault.Is(r.stop, fault.TokenRefused, fault.NoToken):
		return connector.StoppedToken
	case r.denied():
		return connector.StoppedReports
	}
	return ""
}

// newlyMissing lists the days that will not come and of which people are to be told, and remembers that they were. One
// that follows on another is the same trouble, and is not told again. Days before the first one with numbers are none:
// Copilot, or the policy, was switched on later.
func (r *run) newlyMissing(c *connector.Connector) []calendar.Date {
	if r.task.Reason == connector.ReasonOlder || c.FirstDay == nil {
		return nil
	}
	var missing, told []calendar.Date
	for date, d := range r.days {
		if d.err != nil && absent(d.err) && metrics.StateUnread(date, r.began) == metrics.Missing &&
			*c.FirstDay < date && !slices.Contains(c.ToldMissing, date) {
			missing = append(missing, date)
		}
	}
	slices.Sort(missing)
	for _, date := range missing {
		if !slices.Contains(c.ToldMissing, date-1) {
			told = append(told, date)
		}
		c.ToldMissing = append(c.ToldMissing, date)
	}
	c.ToldMissing = c.ToldMissing[max(0, len(c.ToldMissing)-2*window):]
	return told
}
