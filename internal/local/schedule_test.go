package main

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// awake is a clock that is ahead by slept: on a sleeping machine the clock goes on and timers stand still.
func awake(slept *atomic.Int64) func() time.Time {
	return func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
}

func TestThePollRunsEachDayAtSix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the bubble begins at midnight UTC on 1 January 2000
		var slept atomic.Int64
		now := awake(&slept)
		polled := make(chan string, 10)
		go everyDay(t.Context(), pollAt, now, func(due time.Time) {
			polled <- due.Format(time.RFC3339)
			if late := now().Sub(due); slept.Load() == 0 && late != 0 {
				t.Errorf("the poll of %s came %s late", due, late)
			}
		})
		expect := func(want ...string) {
			t.Helper()
			synctest.Wait()
			var got []string
			for len(polled) > 0 {
				got = append(got, <-polled)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("polls (-want +got):\n%s", diff)
			}
		}
		time.Sleep(3 * 24 * time.Hour)
		expect("2000-01-01T06:00:00Z", "2000-01-02T06:00:00Z", "2000-01-03T06:00:00Z")

		slept.Add(int64(52 * time.Hour)) // until 04:00 on 6 January: the polls missed during sleep become one
		time.Sleep(look)
		expect("2000-01-05T06:00:00Z")
		time.Sleep(3 * time.Hour)
		expect("2000-01-06T06:00:00Z")
	})
}

func TestWhenTheNextPollIsDue(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-22T05:59:59Z":      "2026-11-22T06:00:00Z",
		"2026-11-22T06:00:00Z":      "2026-11-23T06:00:00Z",
		"2026-12-31T23:00:00Z":      "2027-01-01T06:00:00Z",
		"2026-11-22T01:00:00-08:00": "2026-11-23T06:00:00Z",
	} {
		instant, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextDue(instant, pollAt).Format(time.RFC3339); got != want {
			t.Errorf("after %s the next poll is at %s, want %s", now, got, want)
		}
	}
}

func TestTheClockStartsAtTheGivenTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		now := clock(start)
		time.Sleep(time.Hour)
		if got := now().Sub(start); got != time.Hour {
			t.Errorf("after an hour the clock has moved by %s", got)
		}
	})
}
