// Package assembly connects the use cases with their parts, in the same way for every world: AWS, the local program, the tests.
// A world provides Parts; package awsworld creates those of AWS. Start reading at Parts.
//
// It must not import vaults, queues or senders of mail; it knows only their interfaces. So a program links only the parts that
// it uses.
package assembly

import (
	"context"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// Parts are the parts on which the use cases run. A part may be nil if no assembled use case needs it.
type Parts struct {
	GitHub *github.Service
	Store  *store.Store
	Vault  Vault
	Queue  Queue
	Post   Post
	Agreed money.Agreed
	Now    func() time.Time
	Log    *slog.Logger

	KeepPeopleDays int // for how many days people are kept at most; 0: no bound
}

// Vault stores tokens.
type Vault interface {
	lifecycle.Vault
	collect.Vault
}

// Queue carries tasks.
type Queue interface {
	lifecycle.Queue
	collect.Queue
}

// Post sends mail and keeps the list of subscribers.
type Post interface {
	notify.Post
	lifecycle.Recipients
	Confirmations(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
}

// Verifier returns the use case Verify.
func (p Parts) Verifier() verify.Verifier {
	return verify.Verifier{
		Agreed:  p.Agreed,
		Connect: func(host string, token credential.Token) verify.GitHub { return p.GitHub.Connect(host, token) },
		Now:     p.Now,
	}
}

// Lifecycle returns the use case of a connector's life.
func (p Parts) Lifecycle() lifecycle.Lifecycle {
	return lifecycle.Lifecycle{
		Verifier: p.Verifier(), Store: p.Store, Vault: p.Vault, Queue: p.Queue, Recipients: p.Post, Now: p.Now, Log: p.Log,
		Backfill: poll.NewBackfill,
	}
}

// Poller returns the use case that queues a task for each connector.
func (p Parts) Poller() collect.Poller {
	return collect.Poller{Store: p.Store, Queue: p.Queue, Now: p.Now}
}

// Collector returns the use case that handles a task.
func (p Parts) Collector() collect.Collector {
	return collect.Collector{
		Connect:  func(host string, token credential.Token) collect.GitHub { return p.GitHub.Connect(host, token) },
		Verifier: p.Verifier(), Store: p.Store, Vault: p.Vault, Queue: p.Queue, Notifier: p.Notifier(), Recipients: p.Post,
		Seats: p.Spend(), Now: p.Now, Log: p.Log, KeepPeopleDays: p.KeepPeopleDays,
	}
}

// Reminder returns the use case of the daily reminders.
func (p Parts) Reminder() remind.Reminder {
	return remind.Reminder{Store: p.Store, Notifier: p.Notifier(), Now: p.Now, Log: p.Log}
}

// VerifyAPI returns the Admin API without connectors.
func (p Parts) VerifyAPI() adminapi.API {
	install, _ := p.GitHub.InstallURL()
	return adminapi.API{Verifier: p.Verifier(), GitHub: p.GitHub, InstallURL: install, Now: p.Now, Log: p.Log}
}

// API returns the whole Admin API. The caller sets its fields Actor and Admits, which differ between worlds.
func (p Parts) API() adminapi.API {
	reading := p
	reading.Store = new(*p.Store)
	reading.Store.MayLag = true
	api := p.VerifyAPI()
	api.KeepPeopleDays = p.KeepPeopleDays
	api.Connectors = &adminapi.Connectors{
		Lifecycle:  p.Lifecycle(),
		Store:      p.Store,
		Recipients: notify.NewConfirmations(p.Post, p.Now),
		Usage:      reading.Usage(),
		Spend:      reading.Spend(),
	}
	return api
}

// Usage returns the use case of reading what was used.
func (p Parts) Usage() usage.Reader {
	return usage.Reader{Store: p.Store, Seats: p.Spend(), Now: p.Now}
}

// Spend returns the use case of reading what it costs.
func (p Parts) Spend() spend.Reader {
	return spend.Reader{Store: p.Store, Days: usage.Reader{Store: p.Store, Now: p.Now}, Agreed: p.Agreed, Now: p.Now}
}

// Notifier returns what tells people by mail.
func (p Parts) Notifier() notify.Notifier {
	return notify.Notifier{Post: p.Post, Store: p.Store, Now: p.Now}
}
