// Package notify is how a person is told: what the mail says, and that it goes out once. Who sends it is in folders of
// their own: sns on AWS, outbox in the local program.
//
// Two kinds of people are told: those of the stack's own topic, who run it, and a connector's own recipients, by a topic
// that belongs to that connector alone, so that nobody can receive another tenant's mail.
package notify

import (
	"context"
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Post sends mail.
type Post interface {
	// Operations sends to those who run the stack.
	Operations(ctx context.Context, m Mail) error

	// Recipients sends to those recipients of the connector who have confirmed.
	Recipients(ctx context.Context, ref connector.Ref, m Mail) error
}

// Store is where connectors are, and which mails were sent.
type Store interface {
	Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)

	// ClaimReminder says whether a mail is to be sent now: true holds for so long, unless it is released. false: it was
	// sent. CodeConflict: somebody else is sending it.
	ClaimReminder(ctx context.Context, ref connector.Ref, reminder string, holds time.Duration) (bool, error)
	ReleaseReminder(ctx context.Context, ref connector.Ref, reminder string) error
	ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error
}

// Notifier tells people of notices.
type Notifier struct {
	Post  Post
	Store Store
}

const (
	// sendWithin bounds the sending of one mail.
	sendWithin = 45 * time.Second

	// claimHolds is longer: who has not marked a mail as sent by then has died, and it is sent again. A rare double is
	// better than a loss.
	claimHolds = 2 * time.Minute

	// markWithin bounds the writing down of what became of it, which a caller who gives up does not keep from being done.
	markWithin = 10 * time.Second
)

// Once sends a notice about a connector to everybody concerned, but for those to whom it went by that name before. Who
// cannot be told keeps no other from it; to do it again then tells only them. It fails with CodeConflict while somebody
// else is telling them.
func (n Notifier) Once(ctx context.Context, c *connector.Connector, name string, notice connector.Notice) (sent bool, err error) {
	mail := Compose(c, notice)
	sent, err = n.send(ctx, c.Ref, name+"#operations", func(ctx context.Context) error { return n.Post.Operations(ctx, mail) })
	if len(mail.To) == 0 {
		return sent, err
	}
	also, recipientsErr := n.send(ctx, c.Ref, name+"#recipients", func(ctx context.Context) error { return n.Post.Recipients(ctx, c.Ref, mail) })
	return sent || also, errors.Join(err, recipientsErr)
}

func (n Notifier) send(ctx context.Context, ref connector.Ref, name string, post func(context.Context) error) (sent bool, err error) {
	claimed, err := n.Store.ClaimReminder(ctx, ref, name, claimHolds)
	if err != nil || !claimed {
		return false, err
	}
	sending, cancel := context.WithTimeout(ctx, sendWithin)
	err = post(sending)
	cancel()
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), markWithin)
	defer cancel()
	if err != nil {
		return false, errors.Join(err, n.Store.ReleaseReminder(ctx, ref, name))
	}
	return true, n.Store.ReminderSent(ctx, ref, name)
}

// Flush sends the notices that wait in a connector, takes those out of it that have reached everybody, and tells how
// many it sent.
func (n Notifier) Flush(ctx context.Context, c *connector.Connector) (sent int, err error) {
	var done []connector.Notice
	var problems []error
	for _, notice := range c.Notices {
		told, err := n.Once(ctx, c, string(notice.Kind)+"#"+notice.At.UTC().Format(time.RFC3339Nano), notice)
		if told {
			sent++
		}
		if err == nil {
			done = append(done, notice)
		}
		problems = append(problems, err)
	}
	if len(done) > 0 {
		_, err := n.Store.Change(ctx, c.Ref, func(c *connector.Connector) error {
			c.Notices = slices.DeleteFunc(c.Notices, func(waiting connector.Notice) bool {
				return slices.ContainsFunc(done, func(d connector.Notice) bool { return d.Kind == waiting.Kind && d.At.Equal(waiting.At) })
			})
			return nil
		})
		problems = append(problems, err)
	}
	return sent, errors.Join(problems...)
}
