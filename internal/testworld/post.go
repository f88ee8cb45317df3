package testworld

import (
	"context"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
)

// Post keeps mails instead of sending them. It is safe for concurrent use; a test reads the fields while nothing is sent.
type Post struct {
	// Before and After are called with each mail, before and after it is kept. If one fails, so does the sending. nil: nothing is called.
	Before, After func(notify.Mail) error

	ToOperators  []notify.Mail
	ToRecipients map[connector.Ref][]notify.Mail
	Asked        []string                   // addresses that were asked to confirm, repetitions included
	Subscribed   map[connector.Ref][]string // addresses of each connector. They all count as confirmed

	mu sync.Mutex
}

// Operations keeps a mail to the operators.
func (p *Post) Operations(_ context.Context, m notify.Mail) error {
	return p.keep(m, func() { p.ToOperators = append(p.ToOperators, m) })
}

// Recipients keeps a mail to a connector's recipients.
func (p *Post) Recipients(_ context.Context, ref connector.Ref, m notify.Mail) error {
	return p.keep(m, func() {
		if p.ToRecipients == nil {
			p.ToRecipients = map[connector.Ref][]notify.Mail{}
		}
		p.ToRecipients[ref] = append(p.ToRecipients[ref], m)
	})
}

func (p *Post) keep(m notify.Mail, keep func()) error {
	if p.Before != nil {
		if err := p.Before(m); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	keep()
	if p.After != nil {
		return p.After(m)
	}
	return nil
}

// Invite subscribes the addresses to a connector's mails, and asks those in ask to confirm.
func (p *Post) Invite(_ context.Context, ref connector.Ref, emails, ask []string) (asked []string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Subscribed == nil {
		p.Subscribed = map[connector.Ref][]string{}
	}
	p.Subscribed[ref] = emails
	p.Asked = append(p.Asked, ask...)
	return ask, nil
}

// Forget unsubscribes everybody.
func (p *Post) Forget(_ context.Context, ref connector.Ref) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.Subscribed, ref)
	return nil
}

// Confirmations says that every address is confirmed.
func (p *Post) Confirmations(_ context.Context, _ connector.Ref, emails []string) (recipients []connector.Recipient, err error) {
	for _, email := range emails {
		recipients = append(recipients, connector.Recipient{Email: email, State: connector.RecipientConfirmed})
	}
	return recipients, nil
}
