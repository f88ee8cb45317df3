package fleet_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
)

// credentialOf returns the credential of the n-th connector. Of a hundred connectors, 86 have tokens that live for 90 days
// and expire on different days, two have tokens that expired long ago, six have a GitHub App with a key of their own,
// replaced once a year, and six have an installation of the stack's App.
func credentialOf(n int) connector.Credential {
	c := connector.Credential{Kind: credential.ClassicPAT, Fingerprint: refOf(n).ID}
	spread := time.Duration(n/100%24) * time.Hour
	switch kind, turn := n%100, n/100*7+n; {
	case kind < 86:
		c.ExpiresAt = new(seven.AddDate(0, 0, turn%90).Add(-spread))
	case kind < 88:
		c.ExpiresAt = new(seven.AddDate(0, 0, -30))
	case kind < 94:
		c.Kind, c.RotatedAt = credential.GitHubApp, seven.AddDate(0, 0, -turn%365).Add(-spread)
	default:
		c.Kind = credential.GitHubAppInstallation
	}
	return c
}

// read reads a connector. Somebody has left the recipients of one in a hundred.
func read(ref connector.Ref) *connector.Connector {
	c := &connector.Connector{
		Ref: ref, Phase: connector.Live, CreatedAt: seven.AddDate(0, 0, -1),
		Settings: connector.Settings{NotifyEmails: []string{"a@example.com"}}, Credential: credentialOf(numberOf(ref)),
	}
	if numberOf(ref)%97 == 0 {
		c.LeaversUntil = seven.Add(-time.Hour)
	}
	return c
}

func TestAHundredThousandConnectorsGetTheirRemindersWithinAMinute(t *testing.T) {
	t.Parallel()
	in := readTemplate(t)
	synctest.Test(t, func(t *testing.T) {
		s := newStack(100_000, seven.AddDate(0, 0, -1))
		began := time.Now()
		sent, err := s.reminder().Remind(t.Context(), seven)
		took := time.Since(began)
		t.Logf("reminders of %d connectors are due, %d of them for the first time; the run took %s", s.due, len(s.new), took)
		if err != nil || sent != len(s.new) || s.mails.toOperators != sent {
			t.Errorf("sent %d mails, %d to the operators, %v", sent, s.mails.toOperators, err)
		}
		s.everybodyHas(t, 1)
		if s.mails.refused > 0 || s.mails.asked == 0 {
			t.Errorf("SNS was asked for subscribers %d times; it refused %d calls", s.mails.asked, s.mails.refused)
		}
		if took > time.Minute || took > in.remindTimeout/2 {
			t.Errorf("the reminders took %s", took)
		}
	})
}

// Lambda starts an invocation again a minute after it has ended with an error.
const lambdaWaits = time.Minute

func TestARunOfRemindersGoesOnWhereAnotherDied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(10_000, noMorning)
		s.mails.answers = postAnswers / 12 // so fast that the quota of mails is what limits the run
		time.AfterFunc(4*time.Second, func() { s.dies(true) })
		before, err := s.reminder().Remind(t.Context(), seven)
		if err == nil || before < len(s.new)/4 {
			t.Fatalf("the first run sent %d of %d, %v", before, len(s.new), err)
		}
		s.dies(false)
		time.Sleep(lambdaWaits)
		began := time.Now()
		sent, err := s.reminder().Remind(t.Context(), seven)
		took := time.Since(began)
		t.Logf("the first run sent %d mails, the next one %d in %s", before, sent, took)
		// A reminder counts twice if the people and the operators get it at different times.
		if err != nil || before+sent < len(s.new) || before+sent > len(s.new)+2*atOnce {
			t.Errorf("of %d, the runs sent %d and %d, %v", len(s.new), before, sent, err)
		}
		if s.mails.refused > 0 {
			t.Errorf("SNS refused %d calls", s.mails.refused)
		}
		s.everybodyHas(t, 2) // people whose mail was being sent when the run died may get it twice
		// Nobody knows who is alive: a mail that was being sent is tried again when the claim of the dead run ends.
		if took > 2*time.Minute-lambdaWaits+10*time.Second {
			t.Errorf("the second run took %s", took)
		}
	})
}

// atOnce is how many connectors a run looks at side by side.
const atOnce = 32

// stack stands for the services that the reminders use.
type stack struct {
	list
	mails *topics
	due   int                    // connectors for which a reminder is due
	new   map[connector.Ref]bool // those whose reminder was not sent on the last morning

	mu     sync.Mutex
	marks  map[string]time.Time // until when a mail is claimed; zero: it was sent
	isDead bool
}

// noMorning stands for no reminders at all.
var noMorning = time.Time{}

// newStack returns the services as they are after the reminders of an earlier morning.
func newStack(connectors int, last time.Time) *stack {
	s := &stack{list: list(connectors), mails: newTopics(), new: map[connector.Ref]bool{}, marks: map[string]time.Time{}}
	for n := range connectors {
		c := read(refOf(n))
		_, name, due := remind.Due(c, seven)
		if !due {
			continue
		}
		s.due++
		if _, before, due := remind.Due(c, last); last != noMorning && due && before == name {
			s.marks[name+"#operations"], s.marks[name+"#recipients"] = time.Time{}, time.Time{}
		} else {
			s.new[c.Ref] = true
		}
	}
	return s
}

func (s *stack) reminder() remind.Reminder {
	now := func() time.Time { return seven }
	return remind.Reminder{
		Store: s, Notifier: notify.Notifier{Post: s.mails.post(), Store: s, Now: now}, Now: now, Log: slog.New(slog.DiscardHandler),
	}
}

// dies ends the program, or starts another one. A dead program calls nobody: calls in its name fail and do nothing.
func (s *stack) dies(dead bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isDead = dead
	s.mails.mu.Lock()
	defer s.mails.mu.Unlock()
	s.mails.isDead = dead
}

// everybodyHas checks that all people whose reminder is new have a mail, at most so many, and nobody else.
func (s *stack) everybodyHas(t *testing.T, most int) {
	t.Helper()
	twice := 0
	for ref, mails := range s.mails.toPeople {
		if !s.new[ref] || mails > most {
			t.Fatalf("the people of %v have %d mails", ref, mails)
		}
		if mails > 1 {
			twice++
		}
	}
	if len(s.mails.toPeople) != len(s.new) || twice > atOnce {
		t.Errorf("of %d connectors, the people of %d have a mail, and of %d two", len(s.new), len(s.mails.toPeople), twice)
	}
}

// answer takes the time of an answer of the table, and then does what was asked.
func (s *stack) answer(ctx context.Context, after time.Duration, do func() error) error {
	if err := ctx.Err(); err != nil {
		return &fault.Error{Code: fault.OutOfTime, Err: err}
	}
	time.Sleep(after)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isDead {
		return errDead
	}
	return do()
}

var errDead = errors.New("the program is dead")

func done() error { return nil }

func (s *stack) Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	if err := s.answer(ctx, 0, done); err != nil {
		return nil, err
	}
	return s.list.Due(ctx, after, limit)
}

func (s *stack) Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	return read(ref), s.answer(ctx, tableAnswers, done)
}

// ConnectorsAt reads a hundred connectors at a time, in four requests at once.
func (s *stack) ConnectorsAt(ctx context.Context, refs []connector.Ref) (map[connector.Ref]*connector.Connector, error) {
	all := map[connector.Ref]*connector.Connector{}
	for _, ref := range refs {
		all[ref] = read(ref)
	}
	return all, s.answer(ctx, time.Duration((len(refs)+399)/400)*tableAnswers, done)
}

func (s *stack) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	c := read(ref)
	return c, s.answer(ctx, 2*tableAnswers, func() error { return change(c) })
}

// ClaimReminder reads the mark, and writes one if there is none.
func (s *stack) ClaimReminder(ctx context.Context, _ connector.Ref, name string, holds time.Duration) (claimed bool, err error) {
	err = s.answer(ctx, tableAnswers, func() error {
		until, known := s.marks[name]
		claimed = !known || !until.IsZero() && !until.After(time.Now())
		if known && until.After(time.Now()) {
			return &fault.Error{Code: fault.Conflict, Err: errors.New("somebody else is sending it")}
		}
		return nil
	})
	if err != nil || !claimed {
		return false, err
	}
	return true, s.answer(ctx, tableAnswers, func() error { s.marks[name] = time.Now().Add(holds); return nil })
}

func (s *stack) ReleaseReminder(ctx context.Context, _ connector.Ref, name string) error {
	return s.answer(ctx, tableAnswers, func() error { delete(s.marks, name); return nil })
}

func (s *stack) ReminderSent(ctx context.Context, _ connector.Ref, name string) error {
	return s.answer(ctx, tableAnswers, func() error { s.marks[name] = time.Time{}; return nil })
}
