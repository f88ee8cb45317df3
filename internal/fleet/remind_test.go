package fleet_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
)

// Reminders are due for one of so many connectors: a token that lives for 90 days has five reminders.
const connectors, oneIn = 100_000, 18

func TestAHundredThousandConnectorsGetTheirRemindersWithinAMinute(t *testing.T) {
	t.Parallel()
	in := readTemplate(t)
	synctest.Test(t, func(t *testing.T) {
		s := &stack{list: connectors, marks: map[string]bool{}, mails: map[connector.Ref]int{}}
		reminder := remind.Reminder{
			Store: s, Notifier: notify.Notifier{Post: s, Store: s}, Now: func() time.Time { return seven }, Log: slog.New(slog.DiscardHandler),
		}
		// The first run is killed in the middle, as Lambda does.
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		before, err := reminder.Remind(ctx, seven)
		cancel()
		if err == nil || before == 0 {
			t.Fatalf("the first run sent %d, %v", before, err)
		}
		began := time.Now()
		sent, err := reminder.Remind(t.Context(), seven)
		again := time.Since(began)
		if due := (connectors + oneIn - 1) / oneIn; err != nil || sent >= due/2 || len(s.mails) != due {
			t.Errorf("the runs sent %d and %d mails, to the people of %d of %d connectors, %v", before, sent, len(s.mails), due, err)
		}
		for ref, mails := range s.mails {
			if mails != 1 {
				t.Fatalf("%v has %d mails", ref, mails)
			}
		}
		clear(s.marks)
		began = time.Now()
		_, err = reminder.Remind(t.Context(), seven)
		whole := time.Since(began)
		t.Logf("a whole run takes %s, and one that goes on after 20 s takes %s", whole, again)
		if err != nil || whole > time.Minute || again > whole || whole > in.remindTimeout/2 {
			t.Errorf("the reminders took longer than a minute: %v", err)
		}
	})
}

// stack stands for the services that the reminders use. It refuses calls that begin after the time is over.
type stack struct {
	list
	mu    sync.Mutex
	marks map[string]bool
	mails map[connector.Ref]int
}

func answer(ctx context.Context, after time.Duration) error {
	if err := ctx.Err(); err != nil {
		return &fault.Error{Code: fault.OutOfTime, Err: err}
	}
	time.Sleep(after)
	return nil
}

func (s *stack) Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	return read(ref), answer(ctx, tableAnswers)
}

// ConnectorsAt reads a hundred connectors at a time, in four requests at once.
func (s *stack) ConnectorsAt(ctx context.Context, refs []connector.Ref) (map[connector.Ref]*connector.Connector, error) {
	all := map[connector.Ref]*connector.Connector{}
	for _, ref := range refs {
		all[ref] = read(ref)
	}
	return all, answer(ctx, time.Duration((len(refs)+399)/400)*tableAnswers)
}

func read(ref connector.Ref) *connector.Connector {
	c := &connector.Connector{
		Ref: ref, Phase: connector.Live, CreatedAt: seven.AddDate(0, 0, -1),
		Settings: connector.Settings{NotifyEmails: []string{"a@example.com"}},
	}
	c.Credential.ExpiresAt, c.Credential.Fingerprint = new(seven.AddDate(0, 0, 60)), ref.ID
	if n := numberOf(ref); n%oneIn == 0 {
		c.Credential.ExpiresAt = new(seven.AddDate(0, 0, 7))
	}
	return c
}

func (s *stack) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	c := read(ref)
	if err := answer(ctx, 2*tableAnswers); err != nil {
		return nil, err
	}
	return c, change(c)
}

func (s *stack) ClaimReminder(ctx context.Context, _ connector.Ref, name string, _ time.Duration) (bool, error) {
	if err := answer(ctx, tableAnswers); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.marks[name], nil
}

func (s *stack) ReleaseReminder(ctx context.Context, _ connector.Ref, _ string) error {
	return answer(ctx, tableAnswers)
}

func (s *stack) ReminderSent(ctx context.Context, _ connector.Ref, name string) error {
	if err := answer(ctx, tableAnswers); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks[name] = true
	return nil
}

func (s *stack) Operations(ctx context.Context, _ notify.Mail) error { return answer(ctx, postAnswers) }

func (s *stack) Recipients(ctx context.Context, ref connector.Ref, _ notify.Mail) error {
	if err := answer(ctx, postAnswers); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails[ref]++
	return nil
}
