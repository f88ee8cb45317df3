package vault

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Vault is the interface of every vault.
type Vault interface {
	Put(ctx context.Context, tenant, id string, token credential.Token) error
	Get(ctx context.Context, tenant, id string) (credential.Token, error)
	Delete(ctx context.Context, tenant, id string) error
}

// Moving is the vault of a stack during a move from the former vault to the present one. A token may be in either.
type Moving struct {
	Present, Former Vault
}

// Put stores the token in the present vault and removes the previous token from the former vault.
func (m Moving) Put(ctx context.Context, tenant, id string, token credential.Token) error {
	if err := m.Present.Put(ctx, tenant, id, token); err != nil {
		return err
	}
	return m.Former.Delete(ctx, tenant, id)
}

// Get returns the token of the present vault, or of the former vault if the present one has none. Before it returns
// fault.NoToken it asks the present vault again, because the token may have moved between the two calls.
func (m Moving) Get(ctx context.Context, tenant, id string) (credential.Token, error) {
	for _, v := range []Vault{m.Present, m.Former} {
		if token, err := v.Get(ctx, tenant, id); !fault.Is(err, fault.NoToken) {
			return token, err
		}
	}
	return m.Present.Get(ctx, tenant, id)
}

// Delete removes the token from both vaults. It starts with the former one, because a move never writes there.
func (m Moving) Delete(ctx context.Context, tenant, id string) error {
	if err := m.Former.Delete(ctx, tenant, id); err != nil {
		return err
	}
	return m.Present.Delete(ctx, tenant, id)
}
