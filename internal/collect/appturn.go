package collect

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

const (
	// appPollsAnHour is how many connectors are polled with the stack's App within an hour. GitHub allows an App about 5,000 calls an hour
	// with its JWT, over all installations. A poll makes two. What is left is for Verify, Save, backfills and repeated polls.
	appPollsAnHour = 2000

	// appPollsAtOnce is how many of them need not wait, so that a small stack is polled as quickly as with tokens.
	appPollsAtOnce = 100
)

// appTurn returns when a connector with an installation of the stack's App is polled at the earliest, by its place among those that have
// one. Zero: at once.
func appTurn(began time.Time, place int) time.Time {
	if place < appPollsAtOnce {
		return time.Time{}
	}
	return began.UTC().Add(time.Duration(place-appPollsAtOnce) * time.Hour / appPollsAnHour)
}

// untilTurn returns how long the task of a connector has to wait for its turn. It is 0 or less if it need not.
func (c Collector) untilTurn(task connector.Task, conn *connector.Connector) time.Duration {
	if task.AppTurn.IsZero() || !conn.Credential.Endless() {
		return 0
	}
	return task.AppTurn.Sub(c.Now())
}
