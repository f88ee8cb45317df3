package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// operationsAddress stands for whoever is subscribed to the stack's own topic.
const operationsAddress = "operations@localhost"

// outbox keeps the mails that SNS would send. Every recipient has confirmed.
type outbox struct {
	table store.Table
	store *store.Store
	now   func() time.Time
}

var _ notify.Post = outbox{}

// sentMail is a mail as GET /local/mail shows it.
type sentMail struct {
	To         string            `json:"to"`
	Subject    string            `json:"subject"`
	Body       string            `json:"body"`
	SentAt     time.Time         `json:"sentAt"`
	Attributes map[string]string `json:"attributes"`
}

const mails = "mail" // the partition that holds them

// Operations implements notify.Post.
func (o outbox) Operations(ctx context.Context, m notify.Mail) error {
	return o.keep(ctx, m, operationsAddress)
}

// Recipients implements notify.Post.
func (o outbox) Recipients(ctx context.Context, ref connector.Ref, m notify.Mail) error {
	c, err := o.store.Connector(ctx, ref)
	if err != nil || c == nil {
		return err
	}
	return o.keep(ctx, m, c.NotifyEmails...)
}

func (o outbox) keep(ctx context.Context, m notify.Mail, to ...string) error {
	var items []store.Item
	for _, address := range to {
		at := o.now().UTC()
		body, err := json.Marshal(sentMail{To: address, Subject: m.Subject, Body: m.Body, SentAt: at, Attributes: m.Attributes})
		if err != nil {
			return err
		}
		items = append(items, store.Item{Key: store.Key{Partition: mails, Sort: at.Format("2006-01-02T15:04:05.000000000Z") + connector.NewID()}, Body: body})
	}
	return o.table.PutAll(ctx, items)
}

// Invite has nobody to ask: local recipients need not confirm.
func (o outbox) Invite(context.Context, connector.Ref, []string) error { return nil }

// Forget has nobody to unsubscribe.
func (o outbox) Forget(context.Context, connector.Ref) error { return nil }

// Standing tells that every recipient has confirmed.
func (o outbox) Standing(_ context.Context, _ connector.Ref, emails []string) ([]connector.Recipient, error) {
	recipients := make([]connector.Recipient, len(emails))
	for i, email := range emails {
		recipients[i] = connector.Recipient{Email: email, State: connector.RecipientConfirmed}
	}
	return recipients, nil
}

// list answers GET /local/mail: all mails, oldest first.
func (o outbox) list(w http.ResponseWriter, r *http.Request) {
	list := []sentMail{}
	for item, err := range o.table.Query(r.Context(), store.Range{Partition: mails}) {
		var mail sentMail
		if err == nil {
			err = json.Unmarshal(item.Body, &mail)
		}
		if err != nil {
			http.Error(w, "the mails cannot be read", http.StatusInternalServerError)
			return
		}
		list = append(list, mail)
	}
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(list) // fails only when the caller has gone
}
