package main

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/remind"
)

// The times of the daily poll and of the reminders, after midnight UTC. They are the same as in template.yaml.
const (
	pollAt   = 6 * time.Hour
	remindAt = remind.At
)

// look is how often the program looks at the clock. One long timer would not do: timers stop while the machine sleeps.
const look = time.Minute

// everyDay calls a function each day at a time after midnight UTC, until ctx ends. If the machine sleeps for several days,
// everyDay makes only the last call.
func everyDay(ctx context.Context, at time.Duration, now func() time.Time, do func(due time.Time)) {
	due := nextDue(now(), at)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(look, due.Sub(now()))):
		}
		if instant := now(); !instant.Before(due) {
			due = nextDue(instant, at)
			do(due.AddDate(0, 0, -1))
		}
	}
}

// nextDue returns the first instant after now that is so long after midnight UTC.
func nextDue(now time.Time, at time.Duration) time.Time {
	due := now.UTC().Truncate(24 * time.Hour).Add(at)
	if !due.After(now) {
		due = due.AddDate(0, 0, 1)
	}
	return due
}

// poll does what the poll schedule does on AWS.
func (a *app) poll(ctx context.Context, due time.Time) {
	queued, err := a.poller.Poll(ctx, due)
	if ctx.Err() != nil {
		return // the program is ending
	}
	if err != nil {
		a.log.Error("poll failed", "scheduledFor", due, "queued", queued, "error", err)
		return
	}
	a.log.Info("poll", "scheduledFor", due, "connectors", queued)
}

// remind does what the remind schedule does on AWS.
func (a *app) remind(ctx context.Context, due time.Time) {
	sent, err := a.reminder.Remind(ctx, due)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		a.log.Error("reminders failed", "scheduledFor", due, "sent", sent, "error", err)
		return
	}
	a.log.Info("reminders", "scheduledFor", due, "sent", sent)
}
