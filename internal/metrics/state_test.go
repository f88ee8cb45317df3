package metrics_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestTheStateOfADayDependsOnTheTimeSinceItsEnd(t *testing.T) {
	const day = 24 * time.Hour
	closed := date.Close()
	for _, test := range []struct {
		name         string
		at           time.Time
		read, unread metrics.State
	}{
		{"before the day", date.Start().Add(-time.Nanosecond), metrics.Provisional, metrics.Pending},
		{"during the day", date.Start().Add(time.Hour), metrics.Provisional, metrics.Pending},
		{"at its close", closed, metrics.Provisional, metrics.Pending},
		{"a moment before four days", closed.Add(4*day - time.Nanosecond), metrics.Provisional, metrics.Pending},
		{"after four days", closed.Add(4 * day), metrics.Final, metrics.Pending},
		{"a moment before eight days", closed.Add(8*day - time.Nanosecond), metrics.Final, metrics.Pending},
		{"after eight days", closed.Add(8 * day), metrics.Final, metrics.Missing},
		{"after eight days, in another time zone", closed.Add(8 * day).In(time.FixedZone("west", -11*3600)), metrics.Final, metrics.Missing},
		{"a year later", closed.Add(365 * day), metrics.Final, metrics.Missing},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := metrics.StateRead(date, test.at); got != test.read {
				t.Errorf("read: %s, want %s", got, test.read)
			}
			if got := metrics.StateUnread(date, test.at); got != test.unread {
				t.Errorf("unread: %s, want %s", got, test.unread)
			}
			if got := metrics.ReadDay(date, &metrics.Usage{}, nil, test.at).State; got != test.read {
				t.Errorf("the day is %s, want %s", got, test.read)
			}
		})
	}
}

func TestTheStatesOfDaysAtSixInTheMorning(t *testing.T) {
	at := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for text, want := range map[string][2]metrics.State{
		"2026-11-21": {metrics.Provisional, metrics.Pending},
		"2026-11-18": {metrics.Provisional, metrics.Pending},
		"2026-11-17": {metrics.Final, metrics.Pending},
		"2026-11-14": {metrics.Final, metrics.Pending},
		"2026-11-13": {metrics.Final, metrics.Missing},
	} {
		d := mustDate(text)
		if got := [2]metrics.State{metrics.StateRead(d, at), metrics.StateUnread(d, at)}; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
