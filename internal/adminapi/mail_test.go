package adminapi_test

import (
	"context"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
)

// mailbox records the mails sent and the addresses invited.
type mailbox struct {
	mu      sync.Mutex
	mails   []notify.Mail // to the operators
	private map[connector.Ref][]notify.Mail
	invited map[connector.Ref][]string
	asked   []string // every request to confirm an address, repetitions included
	pending bool     // nobody has confirmed yet
	fails   error    // makes every call fail
}

func (m *mailbox) Operations(_ context.Context, mail notify.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails = append(m.mails, mail)
	return m.fails
}

func (m *mailbox) Recipients(_ context.Context, ref connector.Ref, mail notify.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.private == nil {
		m.private = map[connector.Ref][]notify.Mail{}
	}
	m.private[ref] = append(m.private[ref], mail)
	return m.fails
}

func (m *mailbox) Invite(_ context.Context, ref connector.Ref, emails, ask []string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.invited == nil {
		m.invited = map[connector.Ref][]string{}
	}
	m.invited[ref] = emails
	if m.fails != nil {
		return nil, m.fails
	}
	m.asked = append(m.asked, ask...)
	return ask, nil
}

func (m *mailbox) Forget(_ context.Context, ref connector.Ref) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.invited, ref)
	return m.fails
}

func (m *mailbox) Confirmations(_ context.Context, _ connector.Ref, emails []string) ([]connector.Recipient, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var recipients []connector.Recipient
	for _, email := range emails {
		state := connector.RecipientConfirmed
		if m.pending {
			state = connector.RecipientPending
		}
		recipients = append(recipients, connector.Recipient{Email: email, State: state})
	}
	return recipients, m.fails
}
