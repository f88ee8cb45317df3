package poll

import (
	"fmt"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// notices adds the notices of this run to the connector, one for each change.
func (j *judging) notices() {
	c := &j.after
	if c.Status != j.before.Status {
		detail := fmt.Sprintf("%s → %s", j.before.Status, c.Status)
		if c.StatusReason != "" {
			detail += ": " + c.StatusReason
		}
		c.Record(j.Began, audit.Poll, audit.StatusChanged, detail)
	}
	j.stoppedOrHealed()
	if c.Stopped != "" {
		return // the rest is told when the connector works again
	}
	j.lostParts()
	if missing := j.newlyMissing(); len(missing) > 0 {
		j.tell(connector.Notice{Kind: connector.NoticeMissing, Days: missing})
	}
	if unreadable := j.newlyUnreadable(); len(unreadable) > 0 {
		j.tell(connector.Notice{Kind: connector.NoticeUnreadable, Days: unreadable, Remedy: j.unreadRemedy()})
	}
}

func (j *judging) tell(notice connector.Notice) {
	notice.At = j.Began
	j.after.Notices = append(j.after.Notices, notice)
}

func (j *judging) stoppedOrHealed() {
	c := &j.after
	switch stopped := j.stopKind(); {
	case stopped != "":
		cause := j.stopCause()
		if c.Stopped == stopped && len(c.ToldStops) == 0 { // people were told before the causes were kept
			c.ToldStops = []string{cause}
		}
		c.Stopped = stopped
		if slices.Contains(c.ToldStops, cause) {
			return
		}
		c.ToldStops = append(c.ToldStops, cause)
		// The reminder of the same day tells that a token has expired.
		if expiry := c.Credential.ExpiresAt; expiry == nil || expiry.After(j.Began) || !fault.Is(j.Stop, fault.TokenRefused) {
			j.tell(connector.Notice{Kind: connector.NoticeStopped, Reason: c.StatusReason})
		}
	case j.complete() && c.Stopped != "":
		c.Stopped, c.ToldStops = "", nil
		j.tell(connector.Notice{Kind: connector.NoticeHealed})
	}
}

// lostParts adds a notice about parts beside usage that the token cannot read any more.
func (j *judging) lostParts() {
	c := &j.after
	c.ToldLost = slices.DeleteFunc(c.ToldLost, func(what access.Capability) bool { return c.Capabilities.Of(what) == access.OK })
	for _, what := range []access.Capability{access.Users, access.Seats, access.Billing} {
		err := j.refusalOf(what)
		if err == nil || !j.lost(what) || slices.Contains(c.ToldLost, what) {
			continue
		}
		c.ToldLost = append(c.ToldLost, what)
		notice := connector.Notice{Kind: connector.NoticeLost, Lost: what, Reason: said(err)}
		if !j.needsNewToken(err) {
			notice.Remedy = verify.Remedy(c, what, err)
		}
		j.tell(notice)
	}
}

// newlyMissing returns the missing days of which people must be told, and remembers that they were told. A day that follows another
// missing day belongs to the same trouble and is not told again. Days before the first one with numbers do not count, because
// Copilot or the policy was switched on later.
func (j *judging) newlyMissing() []calendar.Date {
	c := &j.after
	if j.Task.Reason == connector.ReasonOlder || c.FirstDay == nil {
		return nil
	}
	var missing, told []calendar.Date
	for date, d := range j.Days {
		if d.Err != nil && Absent(d.Err) && metrics.StateUnread(date, j.Began) == metrics.Missing &&
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

// newlyUnreadable returns the days that several polls could not read, and remembers that people were told. If there is one, it also
// returns the days that are one try short: a run that gives up leaves some days to the next poll, and the same trouble must be one
// mail.
func (j *judging) newlyUnreadable() []calendar.Date {
	untold := func(tries int) func(connector.Retry) bool {
		return func(retry connector.Retry) bool {
			return retry.Reason == connector.RetryUnreadable && retry.Tries >= tries && !retry.Told
		}
	}
	if !slices.ContainsFunc(j.after.Retries, untold(triesUntilTold)) {
		return nil
	}
	var dates []calendar.Date
	for i, retry := range j.after.Retries {
		if untold(triesUntilTold - 1)(retry) {
			j.after.Retries[i].Told = true
			dates = append(dates, retry.Date)
		}
	}
	return dates
}
