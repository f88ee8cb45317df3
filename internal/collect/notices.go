package collect

import (
	"fmt"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/connector"
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
	switch stopped := r.stoppedForGood(); {
	case stopped && !c.Stopped:
		c.Stopped = true
		// That a token has expired is told by the reminder of the same day.
		if expiry := c.Credential.ExpiresAt; expiry == nil || expiry.After(r.began) || !connector.Is(r.stop, connector.CodeTokenRefused) {
			c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeStopped, At: r.began, Reason: c.StatusReason})
		}
	case !stopped && r.complete() && c.Stopped:
		c.Stopped = false
		c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeHealed, At: r.began})
	}
	if missing := r.newlyMissing(c); len(missing) > 0 && !c.Stopped {
		c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeMissing, At: r.began, Days: missing})
	}
}

// stoppedForGood says that usage is not to be had until somebody does something about it.
func (r *run) stoppedForGood() bool {
	return connector.Is(r.stop, connector.CodeTokenRefused, connector.CodeNoToken) || r.denied()
}

// newlyMissing lists the days that will not come and of which people are to be told, and remembers that they were. One
// that follows on another is the same trouble, and is not told again. Days before the first one with numbers are none:
// Copilot, or the policy, was switched on later.
func (r *run) newlyMissing(c *connector.Connector) []connector.Date {
	if r.task.Reason == connector.ReasonOlder || c.FirstDay == nil {
		return nil
	}
	var missing, told []connector.Date
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
