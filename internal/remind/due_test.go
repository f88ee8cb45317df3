package remind_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/remind"
)

// expiring returns a credential that expires that long after morning, by GitHub's header or by our policy.
func expiring(left time.Duration, byPolicy bool) connector.Credential {
	c := connector.Credential{Fingerprint: "sha256:1a2b3c4d5e6f", RotatedAt: morning.Add(left - 90*day)}
	if !byPolicy {
		c.ExpiresAt = new(morning.Add(left))
	}
	return c
}

func TestWhichReminderIsDue(t *testing.T) {
	for _, test := range []struct {
		left      time.Duration
		threshold int // -1: no reminder
		daysLeft  int
	}{
		{400 * day, -1, 0},
		{15 * day, -1, 0},
		{15*day - time.Second, 14, 14},
		{14 * day, 14, 14},
		{14*day - time.Second, 14, 13},
		{8 * day, 14, 8},
		{8*day - time.Second, 7, 7},
		{7 * day, 7, 7},
		{5 * day, 7, 5},
		{4 * day, 7, 4},
		{4*day - time.Second, 3, 3},
		{3 * day, 3, 3},
		{2 * day, 3, 2},
		{2*day - time.Second, 1, 1},
		{day, 1, 1},
		{time.Second, 1, 0},
		{0, 0, 0},
		{-time.Second, 0, 0},
		{-400 * day, 0, 0},
	} {
		for _, byPolicy := range []bool{false, true} {
			t.Run(fmt.Sprint(test.left, byPolicy), func(t *testing.T) {
				c := &connector.Connector{Credential: expiring(test.left, byPolicy)}
				notice, name, due := remind.Due(c, morning)
				if test.threshold < 0 {
					if due {
						t.Errorf("%s is due, want none", name)
					}
					return
				}
				kind := connector.NoticeExpires
				if test.left <= 0 && !byPolicy {
					kind = connector.NoticeExpired
				}
				want := connector.Notice{Kind: kind, At: morning, ExpiresAt: morning.Add(test.left), DaysLeft: test.daysLeft}
				if diff := cmp.Diff(want, notice); diff != "" || !due || !strings.HasSuffix(name, fmt.Sprint("#", test.threshold)) {
					t.Errorf("%s is due: %v (-want +got):\n%s", name, due, diff)
				}
			})
		}
	}
}

// Whichever days are missed, and whatever the time of day at which a token expires: each run sends the reminder of the next
// threshold above the days left. No threshold comes a second time, and the last one is the expiry.
func TestThresholdsComeInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := time.Duration(rapid.Int64Range(0, int64(40*day)).Draw(t, "left"))
		c := &connector.Connector{Credential: expiring(left, rapid.Bool().Draw(t, "by policy"))}
		last, seen := "", map[string]bool{}
		for at := time.Duration(0); at < left+2*day; at += day * time.Duration(rapid.IntRange(1, 6).Draw(t, "days until the next run")) {
			notice, name, due := remind.Due(c, morning.Add(at))
			if due != (left-at < 15*day) {
				t.Fatalf("with %s left, due: %v", left-at, due)
			}
			if !due {
				continue
			}
			if name != last && seen[name] {
				t.Fatalf("%s is due a second time", name)
			}
			last, seen[name] = name, true
			if expired := left-at <= 0; expired != strings.HasSuffix(name, "#0") || notice.DaysLeft > 14 {
				t.Fatalf("%s is due with %s left", name, left-at)
			}
		}
	})
}

// The reminder announced as the next one is the first that daily runs send.
func TestTheNextReminderIsTheFirstThatIsSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := time.Duration(rapid.Int64Range(-int64(3*day), int64(120*day)).Draw(t, "left"))
		c := &connector.Connector{Credential: expiring(left, rapid.Bool().Draw(t, "by policy"))}
		now := morning.Add(time.Duration(rapid.Int64Range(0, int64(day)).Draw(t, "after morning")))
		_, sent, _ := remind.Due(c, morning) // by today's run
		var want connector.Notice
		for run := morning.Truncate(day).Add(remind.At); want.Kind == "" && run.Before(morning.Add(140*day)); run = run.Add(day) {
			notice, name, due := remind.Due(c, run)
			switch {
			case due && run.After(now) && name != sent:
				want = notice
			case due:
				sent = name
			}
		}
		got, ok := remind.Next(c, now)
		if diff := cmp.Diff(want, got); diff != "" || ok != (want.Kind != "") {
			t.Errorf("with %s left at %s (-want +got):\n%s", left, now, diff)
		}
	})
}
