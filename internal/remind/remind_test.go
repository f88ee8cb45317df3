package remind_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
)

// inBubble runs a test in a world whose clock moves only while everybody waits.
func inBubble(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newWorld(t)) })
}

func expires(days string) string { return "GitHub token for octo-demo expires in " + days }

const expired = "GitHub token expired: no Copilot data for octo-demo"

func TestEachThresholdSendsOneReminder(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add("octo-demo", 20*day+time.Hour)
		want := map[int]string{6: expires("14 days"), 13: expires("7 days"), 17: expires("3 days"), 19: expires("1 day"), 21: expired}
		for days := range 30 {
			if subject, due := want[days]; due {
				w.on(days, subject)
			}
			w.on(days) // a second run of the day sends nothing
		}
	})
}

func TestAfterMissedDaysOnlyTheNearestReminderIsSent(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add("octo-demo", 20*day+time.Hour)
		w.on(0)
		w.on(15, expires("5 days")) // neither 14 nor 7 was sent
		w.on(16)
		w.on(40, expired)
		w.on(41)
	})
}

func TestATokenWithoutExpiryMustBeReplacedAfter90Days(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		c := w.addAs("octo-demo", func(*connector.Connector) {})
		w.on(75)
		w.on(76, "Replace the GitHub token for octo-demo within 14 days")
		w.on(89, "Replace the GitHub token for octo-demo within 1 day")
		w.on(90, "Replace the GitHub token for octo-demo now")
		w.on(91)
		w.on(400)

		// GitHub begins to send an expiry date, and the same token is pasted again.
		w.change(c, func(c *connector.Connector) { c.Credential.ExpiresAt = new(morning.Add(500 * day)) })
		w.on(486, expires("14 days"))
		w.on(487)
		w.change(c, func(c *connector.Connector) {
			c.Credential.ExpiresAt, c.Credential.RotatedAt = nil, morning.Add(490*day)
		})
		w.on(500)
		w.on(490+76, "Replace the GitHub token for octo-demo within 14 days")
	})
}

func TestANewTokenHasNewReminders(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		c := w.add("octo-demo", 10*day)
		w.on(0, expires("10 days"))
		w.change(c, func(c *connector.Connector) { c.Credential.Fingerprint = "sha256:ffffffffffff" })
		w.on(0, expires("10 days"))
		w.change(c, func(c *connector.Connector) {
			c.Credential.Fingerprint, c.Credential.ExpiresAt = "sha256:eeeeeeeeeeee", new(morning.Add(90*day))
		})
		w.on(11)
		w.on(76, expires("14 days"))
	})
}

func TestTwoRunsAtOnceSendEachMailOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 20 {
			c := w.add(fmt.Sprintf("octo-%02d", i), 3*day)
			want = append(want, strings.ReplaceAll(expires("3 days"), "octo-demo", c.Slug), "GitHub Copilot data is back for "+c.Slug)
			w.change(c, func(c *connector.Connector) {
				c.Notices = []connector.Notice{{Kind: connector.NoticeHealed, At: morning}}
			})
		}
		w.post.Before = func(notify.Mail) error { time.Sleep(3 * time.Second); return nil }
		var runs sync.WaitGroup
		for range 3 {
			runs.Go(func() {
				if _, err := w.Remind(t.Context(), morning); err != nil {
					t.Error(err)
				}
			})
		}
		runs.Wait()
		w.mailed(want...)
	})
}

func TestTheNextRunSendsTheMailOfADeadOne(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add("octo-demo", 20*time.Hour) // the token expires before any other reminder
		w.dies.dead, w.post.Before = true, func(notify.Mail) error { return errDead }
		w.fails(0)
		w.mailed()
		w.dies.dead, w.post.Before = false, nil
		began := time.Now()
		w.on(0, expires("less than a day"))
		if waited := time.Since(began); waited < time.Minute || waited > 3*time.Minute {
			t.Errorf("the next run waited for %s", waited)
		}
		w.on(0)
	})
}

func TestARunThatDiesBeforeMarkingAMailCausesOneSecondMail(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add("octo-demo", 3*day)
		w.dies.dead = true
		w.fails(0)
		w.mailed(expires("3 days"))
		w.dies.dead = false
		w.on(0, expires("3 days"))
		w.on(0)
		w.on(1)
	})
}

func TestTheNextRunSendsAFailedMailAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add("octo-demo", 3*day)
		w.post.Before = func(notify.Mail) error { return errors.New("throttled") }
		w.fails(0)
		w.fails(0)
		w.mailed()
		w.post.Before = nil
		began := time.Now()
		w.on(0, expires("3 days"))
		if waited := time.Since(began); waited > 0 {
			t.Errorf("the next run waited for %s", waited)
		}

		// SNS accepted the mail, but its answer came too late. The mail is sent twice.
		w.post.After = func(notify.Mail) error { return errors.New("time-out") }
		w.fails(2)
		w.mailed(expires("1 day"))
		w.post.After = nil
		w.on(2, expires("1 day"))
		w.on(2)
	})
}

func TestARunEndsWhileAnotherHoldsTheMail(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add("octo-demo", 3*day)
		notifier := stuck{}
		w.Notifier = notifier
		began := time.Now()
		w.fails(0)
		if waited := time.Since(began); waited > 4*time.Minute {
			t.Errorf("the run waited for %s", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if _, err := w.Remind(ctx, morning); err == nil {
			t.Error("a cancelled run returned no error")
		}
	})
}

// stuck is a notifier for which another sender holds every mail for ever.
type stuck struct{}

func (stuck) Once(context.Context, *connector.Connector, string, connector.Notice) (bool, error) {
	return false, &fault.Error{Code: fault.Conflict}
}

func (stuck) Flush(context.Context, *connector.Connector) (int, error) { return 0, nil }

func TestOnlyLiveConnectorsGetReminders(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		for _, phase := range []connector.Phase{connector.Saving, connector.Deleting} {
			w.addAs("octo-"+string(phase), func(c *connector.Connector) {
				c.Phase, c.Credential.ExpiresAt = phase, new(morning)
				c.Notices = []connector.Notice{{Kind: connector.NoticeHealed, At: morning}}
			})
		}
		w.on(0)
	})
}

func TestANoticeThatAPollCouldNotSendIsSentOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.addAs("octo-demo", func(c *connector.Connector) {
			c.Credential.ExpiresAt = new(morning.Add(3 * day))
			c.Notices = []connector.Notice{
				{Kind: connector.NoticeStopped, At: morning.Add(-time.Hour), Reason: "The policy is off."},
				{Kind: connector.NoticeMissing, At: morning.Add(-time.Hour), Days: []calendar.Date{calendar.DateOf(morning) - 10}},
			}
		})
		stopped, missing := "GitHub Copilot data has stopped for octo-demo", "GitHub has no Copilot report for 1 day of octo-demo"
		// If one of two mails cannot be sent, the other one and the reminder are sent all the same.
		w.post.Before = func(m notify.Mail) error {
			if m.Subject == stopped {
				return errors.New("refused")
			}
			return nil
		}
		w.fails(0)
		w.mailed(missing, expires("3 days"))
		w.post.Before = nil
		w.on(0, stopped)
		w.on(0)
		w.on(1)
	})
}

func TestOneConnectorsTroubleHoldsUpNoOthersMail(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		const secret = "canary in a panic"
		var want []string
		for i := range 30 {
			slug := fmt.Sprintf("octo-%02d", i)
			w.add(slug, 3*day)
			if i != 3 && i != 4 {
				want = append(want, strings.ReplaceAll(expires("3 days"), "octo-demo", slug))
			}
		}
		w.post.Before = func(m notify.Mail) error {
			switch {
			case strings.Contains(m.Subject, "octo-03"):
				return errors.New("refused")
			case strings.Contains(m.Subject, "octo-04"):
				panic(secret)
			}
			return nil
		}
		sent, err := w.Remind(t.Context(), morning)
		if err == nil || err.Error() != "the reminders of 2 connectors failed" || sent != len(want) {
			t.Errorf("sent %d, %v", sent, err)
		}
		w.mailed(want...)
		if log := w.log.String(); strings.Count(log, "level=ERROR") != 2 || strings.Contains(log, secret) {
			t.Errorf("logged:\n%s", log)
		}
	})
}

func TestEveryConnectorOfManyPagesIsLookedAtOnce(t *testing.T) {
	for _, n := range []int{0, 1, 499, 500, 501, 2500} {
		many := &manyConnectors{n: n, seen: map[connector.Ref]int{}}
		reminder := remind.Reminder{Store: many, Notifier: many, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		sent, err := reminder.Remind(t.Context(), morning)
		if err != nil || sent != n || len(many.seen) != n {
			t.Errorf("of %d connectors, %d were looked at, and %d mails were sent: %v", n, len(many.seen), sent, err)
		}
		for ref, times := range many.seen {
			if times != 1 {
				t.Errorf("%v was looked at %d times", ref, times)
			}
		}
	}
}

func TestAStoreThatFailsFailsTheRun(t *testing.T) {
	many := &manyConnectors{n: 1200, failsAfter: 600, seen: map[connector.Ref]int{}}
	reminder := remind.Reminder{Store: many, Notifier: many, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	sent, err := reminder.Remind(t.Context(), morning)
	if diff := cmp.Diff(1000, sent); diff != "" || !fault.Is(err, fault.Store) {
		t.Errorf("sent %d, %v", sent, err)
	}
}

// manyConnectors is a store of many connectors. Each has one notice.
type manyConnectors struct {
	n, failsAfter int
	mu            sync.Mutex
	seen          map[connector.Ref]int
}

func (m *manyConnectors) Due(_ context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	from := 0
	if after != (connector.Ref{}) {
		if _, err := fmt.Sscanf(after.ID, "%d", &from); err != nil {
			return nil, err
		}
		from++
	}
	if m.failsAfter > 0 && from > m.failsAfter {
		return nil, &fault.Error{Code: fault.Store}
	}
	var due []connector.Due
	for i := from; i < min(m.n, from+limit); i++ {
		due = append(due, connector.Due{Ref: connector.Ref{Tenant: "acme", ID: fmt.Sprintf("%06d", i)}})
	}
	return due, nil
}

func (m *manyConnectors) Connector(_ context.Context, ref connector.Ref) (*connector.Connector, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen[ref]++
	return &connector.Connector{Ref: ref, Phase: connector.Live, Credential: connector.Credential{RotatedAt: morning}}, nil
}

func (m *manyConnectors) ConnectorsAt(ctx context.Context, refs []connector.Ref) (map[connector.Ref]*connector.Connector, error) {
	read := map[connector.Ref]*connector.Connector{}
	for _, ref := range refs {
		read[ref], _ = m.Connector(ctx, ref)
	}
	return read, nil
}

func (m *manyConnectors) Once(context.Context, *connector.Connector, string, connector.Notice) (bool, error) {
	return false, errors.New("nothing is due")
}

func (m *manyConnectors) Flush(context.Context, *connector.Connector) (int, error) { return 1, nil }

func TestARunFarAheadOfTheClockSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.add("octo-demo", 3*day)
		for _, at := range []time.Time{morning.AddDate(0, 0, 8), morning.AddDate(10, 0, 0), time.Date(9999, 12, 31, 7, 0, 0, 0, time.UTC)} {
			if sent, err := w.Remind(t.Context(), at); !fault.Is(err, fault.TooFarOff) || sent != 0 {
				t.Errorf("for %s: sent %d, %v", at, sent, err)
			}
		}
		w.mailed()
		if sent, err := w.Remind(t.Context(), morning.AddDate(0, 0, 7)); err != nil || sent != 1 {
			t.Errorf("seven days ahead: sent %d, %v", sent, err)
		}
	})
}
