package remind_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
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
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// morning is the time at which reminders are due.
var morning = time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// world has connectors, and a post in place of SNS. It lives in a synctest bubble, whose clock begins at morning.
type world struct {
	*store.Store
	t     *testing.T
	clock *testworld.Clock
	post  *testworld.Post
	dies  *dyingStore
	log   *testworld.Log
	remind.Reminder

	days int // by how many days the clock was moved
}

func newWorld(t *testing.T) *world {
	t.Helper()
	in := assembled.On(t, t.TempDir(), testworld.NewRunningClock(morning), nil)
	in.Parts.Log = slog.New(slog.NewTextHandler(in.Log, nil))
	w := &world{Store: in.Parts.Store, t: t, clock: in.Clock, post: in.Post, dies: &dyingStore{Store: in.Parts.Store}, log: in.Log, Reminder: in.Parts.Reminder()}
	w.Notifier = notify.Notifier{Post: w.post, Store: w.dies, Now: w.clock.Now}
	return w
}

// move moves the clock to so many days after morning.
func (w *world) move(days int) {
	w.clock.Advance(time.Duration(days-w.days) * day)
	w.days = days
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
	w.move(days)
	sent, err := w.Remind(w.t.Context(), morning.AddDate(0, 0, days))
	if err != nil || sent != len(want) {
		w.t.Errorf("after %d days: sent %d, %v", days, sent, err)
	}
	w.mailed(want...)
}

// fails runs the reminders so many days after morning, and checks that the run returns an error.
func (w *world) fails(days int) {
	w.t.Helper()
	w.move(days)
	if _, err := w.Remind(w.t.Context(), morning.AddDate(0, 0, days)); err == nil {
		w.t.Errorf("after %d days the run returned no error", days)
	}
}

// mailed checks what was sent since the last call, in any order.
func (w *world) mailed(want ...string) {
	w.t.Helper()
	slices.Sort(want)
	for audience, mails := range map[string][]notify.Mail{"operations": w.post.ToOperators, "recipients": slices.Concat(slices.Collect(maps.Values(w.post.ToRecipients))...)} {
		var got []string
		for _, mail := range mails {
			got = append(got, mail.Subject)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Errorf("mails to %s (-want +got):\n%s", audience, diff)
		}
	}
	w.post.ToOperators, w.post.ToRecipients = nil, nil
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
