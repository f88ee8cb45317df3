package remind_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// morning is the time at which reminders are due.
var morning = time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// world is a bbolt store, with a postbox in place of SNS. It lives in a synctest bubble, whose clock begins at morning.
type world struct {
	*store.Store
	t    *testing.T
	post *postbox
	dies *dyingStore
	log  *strings.Builder
	remind.Reminder

	days atomic.Int64 // by how many days the clock was moved
}

func newWorld(t *testing.T) *world {
	t.Helper()
	began := time.Now()
	w := &world{t: t, post: &postbox{}, log: &strings.Builder{}}
	clock := func() time.Time { return morning.AddDate(0, 0, int(w.days.Load())).Add(time.Since(began)) }
	w.Store = testworld.Store(t, t.TempDir(), clock)
	w.dies = &dyingStore{Store: w.Store}
	w.Reminder = remind.Reminder{
		Store: w.Store, Notifier: notify.Notifier{Post: w.post, Store: w.dies}, Now: clock, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	return w
}

// add stores a live connector whose token expires that long after morning.
func (w *world) add(slug string, expiresIn time.Duration) *connector.Connector {
	return w.addAs(slug, func(c *connector.Connector) { c.Credential.ExpiresAt = new(morning.Add(expiresIn)) })
}

func (w *world) addAs(slug string, change func(*connector.Connector)) *connector.Connector {
	w.t.Helper()
	c := &connector.Connector{
		Ref:        connector.Ref{Tenant: "acme", ID: connector.NewID()},
		Provider:   connector.GitHubCopilot,
		Account:    copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: slug},
		Phase:      connector.Live,
		Settings:   connector.Settings{NotifyEmails: []string{"a@example.com"}},
		Credential: connector.Credential{Kind: credential.ClassicPAT, Login: "octo-owner", Fingerprint: "sha256:1a2b3c4d5e6f", RotatedAt: morning},
	}
	change(c)
	if holder, err := w.Create(w.t.Context(), c); err != nil || holder != nil {
		w.t.Fatalf("creating %s: %v, %v", slug, holder, err)
	}
	return c
}

func (w *world) change(c *connector.Connector, change func(*connector.Connector)) {
	w.t.Helper()
	if _, err := w.Change(w.t.Context(), c.Ref, func(c *connector.Connector) error { change(c); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// on runs the reminders so many days after morning, and checks that these subjects are sent to both operations and recipients.
func (w *world) on(days int, want ...string) {
	w.t.Helper()
	w.days.Store(int64(days))
	sent, err := w.Remind(w.t.Context(), morning.AddDate(0, 0, days))
	if err != nil || sent != len(want) {
		w.t.Errorf("after %d days: sent %d, %v", days, sent, err)
	}
	w.mailed(want...)
}

// fails runs the reminders so many days after morning, and checks that the run returns an error.
func (w *world) fails(days int) {
	w.t.Helper()
	w.days.Store(int64(days))
	if _, err := w.Remind(w.t.Context(), morning.AddDate(0, 0, days)); err == nil {
		w.t.Errorf("after %d days the run returned no error", days)
	}
}

// mailed checks what was sent since the last call, in any order.
func (w *world) mailed(want ...string) {
	w.t.Helper()
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	slices.Sort(want)
	for audience, got := range map[string][]string{"operations": w.post.operations, "recipients": w.post.recipients} {
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Errorf("mails to %s (-want +got):\n%s", audience, diff)
		}
	}
	w.post.operations, w.post.recipients = nil, nil
}

// postbox keeps the subjects of mails. Sending takes time, and may fail before or after the mail is accepted.
type postbox struct {
	mu                     sync.Mutex
	operations, recipients []string
	takes                  time.Duration
	before, after          func(m notify.Mail) error
}

func (p *postbox) Operations(_ context.Context, m notify.Mail) error { return p.keep(m, &p.operations) }

func (p *postbox) Recipients(_ context.Context, _ connector.Ref, m notify.Mail) error {
	return p.keep(m, &p.recipients)
}

func (p *postbox) keep(m notify.Mail, in *[]string) error {
	time.Sleep(p.takes)
	if p.before != nil {
		if err := p.before(m); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	*in = append(*in, m.Subject)
	if p.after != nil {
		return p.after(m)
	}
	return nil
}

// dyingStore is the store of a process that has died: it writes nothing more.
type dyingStore struct {
	*store.Store
	dead bool
}

var errDead = errors.New("died")

func (d *dyingStore) ReleaseReminder(ctx context.Context, ref connector.Ref, reminder string) error {
	if d.dead {
		return errDead
	}
	return d.Store.ReleaseReminder(ctx, ref, reminder)
}

func (d *dyingStore) ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error {
	if d.dead {
		return errDead
	}
	return d.Store.ReminderSent(ctx, ref, reminder)
}
