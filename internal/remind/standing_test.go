package remind_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
)

func TestTheStandingOfAConnector(t *testing.T) {
	yesterday := new(calendar.DateOf(morning) - 1)
	dayBefore := new(*yesterday - 1)
	lastPoll := func(daysAgo int) *connector.Poll {
		return &connector.Poll{ScheduledFor: morning.Add(-time.Hour).AddDate(0, 0, -daysAgo)}
	}
	for name, tc := range map[string]struct {
		c    connector.Connector
		at   time.Duration // time after morning
		want remind.Standing
	}{
		"polled to yesterday":                            {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday}}, want: remind.Current},
		"polled to the day before":                       {c: connector.Connector{Progress: connector.Progress{LookedThrough: dayBefore}}, want: remind.Behind},
		"no poll has ended":                              {want: remind.Behind},
		"waiting for the day's poll":                     {c: connector.Connector{Progress: connector.Progress{LookedThrough: dayBefore, LastPoll: lastPoll(1)}}, want: remind.Current},
		"waiting since the day before":                   {c: connector.Connector{Progress: connector.Progress{LookedThrough: dayBefore, LastPoll: lastPoll(1)}}, at: day, want: remind.Behind},
		"waiting, behind at the poll before":             {c: connector.Connector{Progress: connector.Progress{LookedThrough: new(*dayBefore - 1), LastPoll: lastPoll(1)}}, want: remind.Behind},
		"polled, but not up to yesterday":                {c: connector.Connector{Progress: connector.Progress{LookedThrough: dayBefore, LastPoll: lastPoll(0)}}, want: remind.Behind},
		"with unreadable days that people were told of":  {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday, Retries: []connector.Retry{{Date: *yesterday - 9, Reason: connector.RetryUnreadable, Told: true}}}}, want: remind.Current},
		"with missing people":                            {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday, Retries: []connector.Retry{{Date: *yesterday - 9, Reason: connector.RetryShort}}}}, want: remind.Current},
		"with days that cannot be read":                  {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday, Retries: []connector.Retry{{Date: *yesterday - 9, Reason: connector.RetryUnreadable}}}}, want: remind.Behind},
		"degraded by a fault that the customer can mend": {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday, Status: connector.StatusDegraded}}, want: remind.Current},
		"backfilling":                                    {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday, Backfill: &connector.Backfill{}}}, want: remind.Current},
		"with a refused token":                           {c: connector.Connector{Outbox: connector.Outbox{Stopped: connector.StoppedToken}, Progress: connector.Progress{LookedThrough: dayBefore}}, want: remind.Stopped},
		"with the policy off, never polled":              {c: connector.Connector{Outbox: connector.Outbox{Stopped: connector.StoppedReports}}, want: remind.Stopped},
		"expired":                                        {c: connector.Connector{Progress: connector.Progress{Status: connector.StatusExpired, LookedThrough: yesterday}}, want: remind.Stopped},
		"stopped, with days that cannot be read":         {c: connector.Connector{Outbox: connector.Outbox{Stopped: connector.StoppedToken}, Progress: connector.Progress{Retries: []connector.Retry{{Date: *dayBefore, Reason: connector.RetryUnreadable}}}}, want: remind.Stopped},
		"saved the moment before the poll":               {c: connector.Connector{CreatedAt: morning.Add(-time.Hour - time.Second)}, want: remind.Behind},
		"saved with the poll":                            {c: connector.Connector{CreatedAt: morning.Add(-time.Hour)}, want: remind.Current},
		"saved since the poll":                           {c: connector.Connector{CreatedAt: morning.Add(-time.Minute), Progress: connector.Progress{LookedThrough: dayBefore}}, want: remind.Current},
		"before today's poll, after yesterday's":         {c: connector.Connector{Progress: connector.Progress{LookedThrough: dayBefore}}, at: -6*time.Hour - time.Second, want: remind.Current},
		"before today's poll, without yesterday's":       {c: connector.Connector{Progress: connector.Progress{LookedThrough: new(*dayBefore - 1)}}, at: -6*time.Hour - time.Second, want: remind.Behind},
		"after a poll that a person asked for today":     {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday}}, at: 10 * time.Hour, want: remind.Current},
		"a day later, without a poll":                    {c: connector.Connector{Progress: connector.Progress{LookedThrough: yesterday}}, at: day, want: remind.Behind},
	} {
		t.Run(name, func(t *testing.T) {
			if got := remind.StandingOf(&tc.c, morning.Add(tc.at)); got != tc.want {
				t.Errorf("the connector is %s, want %s", got, tc.want)
			}
		})
	}
}

func TestARunCountsTheConnectorsAndNamesThoseBehind(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		yesterday := new(calendar.DateOf(morning) - 1)
		counts := func(line string) {
			t.Helper()
			w.log.Reset()
			_, _ = w.Remind(t.Context(), morning) // mails may fail
			if log := w.log.String(); strings.Count(log, line+"\n") != 1 {
				t.Errorf("the log does not count %s: %s", line, log)
			}
		}
		counts("Connectors=0 ConnectorsStopped=0 ConnectorsBehind=0 Notices=0")

		w.addAs("octo-current", func(c *connector.Connector) { c.LookedThrough = yesterday })
		w.addAs("octo-stopped", func(c *connector.Connector) { c.Stopped = connector.StoppedToken })
		w.addAs("octo-deleting", func(c *connector.Connector) { c.Phase = connector.Deleting })
		behind := w.addAs("octo-behind", func(c *connector.Connector) {
			c.LookedThrough, c.Credential.ExpiresAt = new(*yesterday-1), new(morning.Add(3*day))
		})
		w.post.Before = func(notify.Mail) error { return errDead }
		counts("Connectors=3 ConnectorsStopped=1 ConnectorsBehind=1 Notices=0")
		w.post.Before = nil
		counts("Connectors=3 ConnectorsStopped=1 ConnectorsBehind=1 Notices=1")
		want := fmt.Sprintf(`level=WARN msg="connector is behind" tenant=acme connector=%s status="" lookedThrough=2026-11-20 unread=0`, behind.ID)
		if log := w.log.String(); strings.Count(log, "is behind") != 1 || !strings.Contains(log, want) {
			t.Errorf("the log does not name the connector: %s", log)
		}
	})
}

func TestNothingIsCountedIfConnectorsCannotBeListed(t *testing.T) {
	var log strings.Builder
	many := &manyConnectors{n: 1200, failsAfter: 600, seen: map[connector.Ref]int{}}
	reminder := remind.Reminder{Store: many, Notifier: many, Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil))}
	if _, err := reminder.Remind(t.Context(), morning); err == nil || strings.Contains(log.String(), "Connectors=") {
		t.Errorf("%v; logged %s", err, log.String())
	}
}
