// Package notify is how a person is told: what the mail says, and SNS, which sends it.
//
// Two kinds of people are told: those of the stack's own topic, who run it, and a connector's own recipients, by a topic
// that belongs to that connector alone, so that nobody can receive another tenant's mail.
package notify

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Post sends mail.
type Post interface {
	// Operations sends to those who run the stack.
	Operations(ctx context.Context, m Mail) error

	// Recipients sends to those recipients of the connector who have confirmed.
	Recipients(ctx context.Context, ref connector.Ref, m Mail) error
}

// Notifier tells people of notices.
type Notifier struct {
	Post  Post
	Store interface {
		Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)
	}
}

// Tell sends a notice about a connector to everybody concerned. After an error some may have it.
func (n Notifier) Tell(ctx context.Context, c *connector.Connector, notice connector.Notice) error {
	mail := Compose(c, notice)
	if len(c.NotifyEmails) > 0 {
		if err := n.Post.Recipients(ctx, c.Ref, mail); err != nil {
			return err
		}
	}
	return n.Post.Operations(ctx, mail)
}

// Flush sends the notices that wait in a connector and tells how many. Each is taken out of it after it was sent: one
// that is sent twice is better than one that is lost.
func (n Notifier) Flush(ctx context.Context, c *connector.Connector) (sent int, err error) {
	for _, notice := range c.Notices {
		if err := n.Tell(ctx, c, notice); err != nil {
			return sent, err
		}
		sent++
		_, err := n.Store.Change(ctx, c.Ref, func(c *connector.Connector) error {
			c.Notices = slices.DeleteFunc(c.Notices, func(other connector.Notice) bool {
				return other.Kind == notice.Kind && other.At.Equal(notice.At)
			})
			return nil
		})
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}
