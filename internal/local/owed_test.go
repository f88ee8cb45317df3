package main

import (
	"slices"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// The queue is in memory, so only the connector tells what was waiting when the program ended.
func TestTheTasksForWhichAConnectorWaitsAreQueuedAtTheStart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	through := calendar.DateOf(now) - 1
	polled := connector.Connector{Phase: connector.Live}
	polled.LookedThrough = &through
	for name, c := range map[string]struct {
		change func(*connector.Connector)
		want   []connector.Reason
	}{
		"nothing":          {func(*connector.Connector) {}, nil},
		"the first poll":   {func(c *connector.Connector) { c.LookedThrough = nil }, []connector.Reason{connector.ReasonSaved}},
		"older days":       {func(c *connector.Connector) { c.Backfill = &connector.Backfill{} }, []connector.Reason{connector.ReasonOlder}},
		"a poll by hand":   {func(c *connector.Connector) { c.PollAskedAt = now }, []connector.Reason{connector.ReasonAsked}},
		"people to remove": {func(c *connector.Connector) { c.Forget(41000001) }, []connector.Reason{connector.ReasonForget}},
		"all of them": {
			func(c *connector.Connector) {
				c.Backfill, c.PollAskedAt = &connector.Backfill{}, now
				c.Forget(41000001)
			},
			[]connector.Reason{connector.ReasonForget, connector.ReasonOlder, connector.ReasonAsked},
		},
		"to be deleted": {func(c *connector.Connector) { c.Phase = connector.Deleting; c.Forget(41000001) }, []connector.Reason{connector.ReasonDeleted}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waits := polled
			c.change(&waits)
			var got []connector.Reason
			for _, task := range owed(&waits, now) {
				got = append(got, task.Reason)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
