// Package notify sends notices to people by mail: it writes the text, and makes sure that each mail is sent once. The senders
// have folders of their own: sns for AWS, outbox for the local program. The package must not know AWS or GitHub's answers.
// Start reading at Notifier; the texts are in text.go, parts.go and app.go, and their steps in replacement.go.
//
// Two groups get mail: the operators, by the stack's own topic, and a connector's recipients, by a topic of that connector
// alone, so that nobody can receive another tenant's mail.
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
	// Operations sends to the operators of the stack.
	Operations(ctx context.Context, m Mail) error

	// Recipients sends to the recipients of the connector who have confirmed. If the mail has Leavers, it unsubscribes
	// everybody else before.
	Recipients(ctx context.Context, ref connector.Ref, m Mail) error
}

// Store keeps connectors, and which mails were sent.
type Store interface {
	Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)

	// ClaimReminder reports whether the caller must send the mail now. True is a claim that expires after that time or when it
	// is released. False means that the mail was sent. fault.Conflict means that somebody else is sending it.
	ClaimReminder(ctx context.Context, ref connector.Ref, reminder string, holds time.Duration) (bool, error)
	ReleaseReminder(ctx context.Context, ref connector.Ref, reminder string) error
	ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error
}

// Notifier sends notices to people.
type Notifier struct {
	Post  Post
	Store Store
	Now   func() time.Time
}

const (
	// sendWithin limits the time for sending one mail.
	sendWithin = 45 * time.Second

	// claimHolds is longer. A sender that has not marked the mail as sent by then has crashed, and the mail is sent again: a
	// rare duplicate is better than a lost mail.
	claimHolds = 2 * time.Minute

	// markWithin limits the time for storing the result. The result is stored even if the caller has given up.
	markWithin = 10 * time.Second
)

// Once sends a notice about a connector to the operators and the recipients, except to a group that has already got the notice
// of this name. If sending to one group fails, the other still gets the mail, and a repeated call sends only what is missing.
// Once fails with fault.Conflict while somebody else is sending the same mail.
func (n Notifier) Once(ctx context.Context, c *connector.Connector, name string, notice connector.Notice) (sent bool, err error) {
	mail := Compose(c, notice)
	sent, err = n.send(ctx, c.Ref, name+"#operations", func(ctx context.Context) error { return n.Post.Operations(ctx, mail) })
	if len(mail.To) == 0 {
		return sent, err
	}
	now := n.Now()
	also, recipientsErr := n.send(ctx, c.Ref, name+"#recipients", func(ctx context.Context) error { return n.Post.Recipients(ctx, c.Ref, mail) })
	if also && recipientsErr == nil && mail.Leavers {
		recipientsErr = n.closeList(ctx, c.Ref, now)
	}
	return sent || also, errors.Join(err, recipientsErr)
}

// closeList stores that everybody who has left a connector's list is unsubscribed for good, if no old invitation could be
// confirmed any more at that time.
func (n Notifier) closeList(ctx context.Context, ref connector.Ref, unsubscribedAt time.Time) error {
	_, err := n.Store.Change(ctx, ref, func(c *connector.Connector) error {
		if c.LeaversUntil.Before(unsubscribedAt) {
			c.LeaversUntil = time.Time{}
		}
		return nil
	})
	return err
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

// Flush sends the notices that wait in a connector's outbox, removes those that were sent completely, and returns how many it
// sent.
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
