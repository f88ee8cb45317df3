package remind

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// thresholds are how many days before a token expires people are told, nearest first. They are told once more when it
// has expired, which is threshold 0.
var thresholds = []int{1, 3, 7, 14}

// Due returns the reminder that is due at an instant: that of the nearest threshold the token has come to, whether or
// not those before it were sent. Its name is that of the token, of the day on which it expires (which is another one
// where GitHub comes to name an expiry, or a token without one is pasted again), and of the threshold.
func Due(c *connector.Connector, at time.Time) (notice connector.Notice, name string, due bool) {
	expiry, byPolicy := c.Credential.Expiry()
	notice = connector.Notice{Kind: connector.NoticeExpires, At: at, ExpiresAt: expiry, DaysLeft: connector.DaysLeft(expiry, at)}
	threshold, due := nearest(notice.DaysLeft)
	if !expiry.After(at) {
		threshold, due = 0, true
		if !byPolicy {
			notice.Kind = connector.NoticeExpired
		}
	}
	if !due || c.Stopped == connector.StoppedToken && expiry.After(at) { // people know that GitHub refuses it already
		return connector.Notice{}, "", false
	}
	return notice, fmt.Sprintf("%s#%s#%d", c.Credential.Fingerprint, calendar.DateOf(expiry), threshold), true
}

// At is when the reminders are sent each day, after midnight UTC.
const At = 7 * time.Hour

// Next returns the reminder of the token's end that is sent next after an instant, as things stand; ok is false where none
// is to come.
func Next(c *connector.Connector, after time.Time) (notice connector.Notice, ok bool) {
	expiry, _ := c.Credential.Expiry()
	var next time.Time
	begins := []time.Time{expiry}
	for _, threshold := range thresholds { // fewer than threshold + 1 whole days are left
		begins = append(begins, expiry.Add(-time.Duration(threshold+1)*24*time.Hour+1))
	}
	for _, begin := range begins {
		run := firstRun(begin)
		_, _, due := Due(c, run)
		if due && run.After(after) && (next.IsZero() || run.Before(next)) {
			next = run
		}
	}
	if next.IsZero() {
		return connector.Notice{}, false
	}
	notice, _, _ = Due(c, next)
	return notice, true
}

// firstRun is when the reminders run first, an instant or later.
func firstRun(instant time.Time) time.Time {
	run := instant.UTC().Truncate(24 * time.Hour).Add(At)
	if run.Before(instant) {
		run = run.AddDate(0, 0, 1)
	}
	return run
}

func nearest(daysLeft int) (threshold int, due bool) {
	for _, threshold := range thresholds {
		if daysLeft <= threshold {
			return threshold, true
		}
	}
	return 0, false
}
