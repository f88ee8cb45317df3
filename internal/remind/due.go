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

func nearest(daysLeft int) (threshold int, due bool) {
	for _, threshold := range thresholds {
		if daysLeft <= threshold {
			return threshold, true
		}
	}
	return 0, false
}
