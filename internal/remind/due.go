package remind

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// thresholds are how many days before a token's expiry people get a reminder, nearest first. Threshold 0 is the mail after
// the expiry.
var thresholds = []int{1, 3, 7, 14}

// Due returns the reminder that is due at an instant: the one of the nearest threshold that the token has reached, even if
// earlier reminders were not sent. The reminder's name consists of the token's fingerprint, the day of its expiry and the
// threshold. The day is part of it because it can change: GitHub may later name an expiry, or a person may paste a token
// without expiry again.
func Due(c *connector.Connector, at time.Time) (notice connector.Notice, name string, due bool) {
	if c.Credential.Endless() {
		return connector.Notice{}, "", false
	}
	expiry, byPolicy := c.Credential.Expiry()
	notice = connector.Notice{Kind: connector.NoticeExpires, At: at, ExpiresAt: expiry, DaysLeft: calendar.DaysLeft(expiry, at)}
	if c.Credential.Kind == credential.GitHubApp {
		notice.Kind = connector.NoticeKeyAge
	}
	threshold, due := nearest(notice.DaysLeft)
	if !expiry.After(at) {
		threshold, due = 0, true
		if !byPolicy {
			notice.Kind = connector.NoticeExpired
		}
	}
	if !due || c.Stopped == connector.StoppedToken && expiry.After(at) { // people already know that GitHub refuses the token
		return connector.Notice{}, "", false
	}
	return notice, fmt.Sprintf("%s#%s#%d", c.Credential.Fingerprint, calendar.DateOf(expiry), threshold), true
}

// At is the time of the daily reminders, as a duration after midnight UTC.
const At = 7 * time.Hour

// Next returns the next reminder of the token's expiry after an instant, if nothing changes until then. ok is false if no
// reminder will come.
func Next(c *connector.Connector, after time.Time) (notice connector.Notice, ok bool) {
	expiry, _ := c.Credential.Expiry()
	var next time.Time
	begins := []time.Time{expiry}
	for _, threshold := range thresholds { // a threshold is reached when fewer than threshold + 1 whole days are left
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

// firstRun returns the first run of the reminders at or after an instant.
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
