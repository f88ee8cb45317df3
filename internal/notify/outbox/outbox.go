// Package outbox stores the mails of the local program instead of sending them. GET /local/mail shows them. Start reading at
// Box.
package outbox

import (
	"context"
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// operationsAddress stands for the subscribers of the stack's own topic.
const operationsAddress = "operations@localhost"

// Box stores the mails that SNS would send. It treats every recipient as confirmed.
type Box struct {
	Table store.Table
	Store *store.Store
	Now   func() time.Time
}

var _ notify.Post = (*Box)(nil)

// Mail is a stored mail, and its form in GET /local/mail.
type Mail struct {
	To         string            `json:"to"`
	Subject    string            `json:"subject"`
	Body       string            `json:"body"`
	SentAt     time.Time         `json:"sentAt"`
	Attributes map[string]string `json:"attributes"`
}

const mails = "mail" // the partition that holds them

// Operations implements notify.Post.
func (b *Box) Operations(ctx context.Context, m notify.Mail) error {
	return b.keep(ctx, m, operationsAddress)
}

// Recipients implements notify.Post.
func (b *Box) Recipients(ctx context.Context, ref connector.Ref, m notify.Mail) error {
	c, err := b.Store.Connector(ctx, ref)
	if err != nil || c == nil {
		return err
	}
	return b.keep(ctx, m, c.NotifyEmails...)
}

func (b *Box) keep(ctx context.Context, m notify.Mail, to ...string) error {
	var items []store.Item
	for _, address := range to {
		at := b.Now().UTC()
		body, err := json.Marshal(Mail{To: address, Subject: m.Subject, Body: m.Body, SentAt: at, Attributes: m.Attributes})
		if err != nil {
			return err
		}
		items = append(items, store.Item{Key: store.Key{Partition: mails, Sort: at.Format("2006-01-02T15:04:05.000000000Z") + connector.NewID()}, Body: body})
	}
	return b.Table.PutAll(ctx, items)
}

// Invite does nothing: local recipients need not confirm.
func (b *Box) Invite(_ context.Context, _ connector.Ref, _, ask []string) ([]string, error) {
	return ask, nil
}

// Forget does nothing: there are no subscriptions.
func (b *Box) Forget(context.Context, connector.Ref) error { return nil }

// Confirmations returns the state confirmed for every recipient.
func (b *Box) Confirmations(_ context.Context, _ connector.Ref, emails []string) ([]connector.Recipient, error) {
	recipients := make([]connector.Recipient, len(emails))
	for i, email := range emails {
		recipients[i] = connector.Recipient{Email: email, State: connector.RecipientConfirmed}
	}
	return recipients, nil
}

// Mails returns all mails, oldest first.
func (b *Box) Mails(ctx context.Context) ([]Mail, error) {
	list := []Mail{}
	for item, err := range b.Table.Query(ctx, store.Range{Partition: mails}) {
		var mail Mail
		if err == nil {
			err = json.Unmarshal(item.Body, &mail)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, mail)
	}
	return list, nil
}
