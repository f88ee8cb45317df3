package lifecycle_test

import (
	"context"
	"errors"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
)

// failure is how a call fails.
type failure string

const (
	refused failure = "is refused"                    // nothing was done
	lost    failure = "loses its answer"              // it was done
	dies    failure = "finds us dead"                 // the process died before the call: nothing was done, and nothing is done after it
	ends    failure = "is the last thing we ever did" // the process died after the call: it was done, and nothing is done after it
)

var errInjected = errors.New("injected")

// faults counts the calls of store, vault and queue. One of them fails.
type faults struct {
	at      int // number of the call that fails, from 1; 0: none
	failure failure
	each    func(call string) // called after each call

	mu    sync.Mutex
	calls []string
}

func (f *faults) do(name string, call func() error) error {
	f.mu.Lock()
	f.calls = append(f.calls, name)
	n, met := len(f.calls), len(f.calls) == f.at
	f.mu.Unlock()
	var err error
	switch {
	case f.at > 0 && n > f.at && (f.failure == dies || f.failure == ends):
		return errInjected
	case !met:
		err = call()
	case f.failure == refused || f.failure == dies:
		err = errInjected
	default:
		err = errors.Join(errInjected, call())
	}
	if f.each != nil {
		f.each(name)
	}
	return err
}

type faultyStore struct {
	lifecycle.Store
	*faults
}

func (s faultyStore) Create(ctx context.Context, c *connector.Connector) (holder *connector.Connector, err error) {
	err = s.do("Create", func() error { holder, err = s.Store.Create(ctx, c); return err })
	return orNil(holder, err)
}

func (s faultyStore) Holder(ctx context.Context, tenant string, provider connector.Provider, account copilot.Account) (holder *connector.Connector, err error) {
	err = s.do("Holder", func() error { holder, err = s.Store.Holder(ctx, tenant, provider, account); return err })
	return orNil(holder, err)
}

func (s faultyStore) Connector(ctx context.Context, ref connector.Ref) (c *connector.Connector, err error) {
	err = s.do("Connector", func() error { c, err = s.Store.Connector(ctx, ref); return err })
	return orNil(c, err)
}

func (s faultyStore) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (c *connector.Connector, err error) {
	err = s.do("Change", func() error { c, err = s.Store.Change(ctx, ref, change); return err })
	return orNil(c, err)
}

func (s faultyStore) Retire(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (c *connector.Connector, err error) {
	err = s.do("Retire", func() error { c, err = s.Store.Retire(ctx, ref, change); return err })
	return orNil(c, err)
}

func (s faultyStore) Remove(ctx context.Context, c *connector.Connector) error {
	return s.do("Remove", func() error { return s.Store.Remove(ctx, c) })
}

// orNil drops the connector if there is an error, as if the answer was lost.
func orNil(c *connector.Connector, err error) (*connector.Connector, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

type faultyVault struct {
	lifecycle.Vault
	*faults
}

func (v faultyVault) Put(ctx context.Context, tenant, id string, token credential.Token) error {
	return v.do("Put", func() error { return v.Vault.Put(ctx, tenant, id, token) })
}

func (v faultyVault) Delete(ctx context.Context, tenant, id string) error {
	return v.do("Delete", func() error { return v.Vault.Delete(ctx, tenant, id) })
}

type faultyQueue struct {
	lifecycle.Queue
	*faults
}

func (q faultyQueue) Send(ctx context.Context, tasks ...connector.Task) error {
	return q.do("Send", func() error { return q.Queue.Send(ctx, tasks...) })
}

type faultyRecipients struct {
	lifecycle.Recipients
	*faults
}

func (r faultyRecipients) Invite(ctx context.Context, ref connector.Ref, emails, ask []string) (asked []string, err error) {
	err = r.do("Invite", func() error { asked, err = r.Recipients.Invite(ctx, ref, emails, ask); return err })
	if err != nil {
		return nil, err
	}
	return asked, nil
}
