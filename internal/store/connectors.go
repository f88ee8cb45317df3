package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Create stores a new connector and reserves its account. If another connector holds the account, Create returns that connector
// and stores nothing.
func (s *Store) Create(ctx context.Context, c *connector.Connector) (holder *connector.Connector, err error) {
	item, err := connectorItem(c, 0)
	if err != nil {
		return nil, err
	}
	audit, err := auditItems(c)
	if err != nil {
		return nil, err
	}
	account := Item{Key: accountKey(c.Tenant, c.Provider, c.Account), Body: []byte(c.ID)}
	for range maxTries {
		err := s.Table.Put(ctx, append(audit, item, account)...)
		if err == nil {
			return nil, nil
		}
		if !errors.Is(err, ErrChanged) {
			return nil, err
		}
		holder, err := s.Holder(ctx, c.Tenant, c.Provider, c.Account)
		if err != nil || holder != nil {
			return holder, err
		}
	}
	return nil, busy("create connector")
}

// Holder returns the tenant's connector for an account, live or being saved, or nil if there is none.
func (s *Store) Holder(ctx context.Context, tenant string, provider connector.Provider, account copilot.Account) (*connector.Connector, error) {
	item, err := s.Table.Get(ctx, accountKey(tenant, provider, account))
	if err != nil {
		return nil, err
	}
	return s.holderOf(ctx, tenant, item)
}

// holderOf returns the connector that an account's item names, or nil if there is none.
func (s *Store) holderOf(ctx context.Context, tenant string, account *Item) (*connector.Connector, error) {
	if account == nil {
		return nil, nil
	}
	holder, err := s.Connector(ctx, connector.Ref{Tenant: tenant, ID: string(account.Body)})
	if holder != nil && holder.Phase == connector.Deleting {
		return nil, nil // it has freed the account in the meantime
	}
	return holder, err
}

// Connector returns a connector in any phase, or nil if there is none.
func (s *Store) Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	item, err := s.Table.Get(ctx, connectorKey(ref))
	if err != nil || item == nil {
		return nil, err
	}
	return readConnector(item)
}

// ConnectorsAt returns the connectors that exist and can be read, in any phase.
func (s *Store) ConnectorsAt(ctx context.Context, refs []connector.Ref) (map[connector.Ref]*connector.Connector, error) {
	keys := make([]Key, len(refs))
	for i, ref := range refs {
		keys[i] = connectorKey(ref)
	}
	items, err := s.Table.GetAll(ctx, keys)
	found := make(map[connector.Ref]*connector.Connector, len(items))
	for i := range items {
		if c, err := readConnector(&items[i]); err == nil {
			found[c.Ref] = c
		}
	}
	return found, err
}

// Connectors returns up to limit live connectors of a tenant in the order of their ids, beginning after an id. next is empty at
// the end.
func (s *Store) Connectors(ctx context.Context, tenant, after string, limit int) (list []connector.Connector, next string, err error) {
	for item, err := range s.Table.Query(ctx, connectorsRange(tenant, after)) {
		if err != nil {
			return nil, "", err
		}
		c, err := readConnector(&item)
		switch {
		case err != nil:
			return nil, "", err
		case c.Phase != connector.Live:
		case len(list) == limit:
			return list, list[limit-1].ID, nil
		default:
			list = append(list, *c)
		}
	}
	return list, "", nil
}

// Due returns up to limit connectors after a given one, in the order of tenant and id. Fewer than limit mean the end. It may miss
// a connector that was created in the last second.
func (s *Store) Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	place := ""
	if after != (connector.Ref{}) {
		place = afterDue(after)
	}
	entries, err := s.Table.List(ctx, dueIndex, place, limit)
	if err != nil {
		return nil, err
	}
	list := make([]connector.Due, len(entries))
	for i, entry := range entries {
		due, ok := dueOf(entry.Sort)
		if !ok {
			return nil, failed("list connectors due", fmt.Errorf("an entry of the index names no connector"))
		}
		list[i] = due
	}
	return list, nil
}

// connectorItem stores plain JSON, so that a person can read it in the console.
func connectorItem(c *connector.Connector, version int64) (Item, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return Item{}, failed("store connector", err)
	}
	return Item{Key: connectorKey(c.Ref), Version: version, Body: body, Listed: Listing{
		Index: dueIndex, Sort: dueSort(connector.Due{Ref: c.Ref, Endless: c.Credential.Endless()}),
	}}, nil
}

func readConnector(item *Item) (*connector.Connector, error) {
	c := new(connector.Connector)
	if err := json.Unmarshal(item.Body, c); err != nil {
		return nil, failed("read connector", fmt.Errorf("what is stored cannot be read: %w", err))
	}
	return c, nil
}
