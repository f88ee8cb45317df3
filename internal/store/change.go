package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Change changes a connector. If somebody else has written the connector in the meantime, Change calls change again with the new
// state. An error of change ends it. Change returns the changed connector, or nil if the connector does not exist any more. It
// cannot make a connector Deleting: Retire does that.
func (s *Store) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	return s.rewrite(ctx, ref, func(c *connector.Connector) ([]Item, error) {
		before := c.Phase
		if err := change(c); err != nil {
			return nil, err
		}
		if c.Phase == connector.Deleting && before != connector.Deleting {
			return nil, &fault.Error{Code: fault.Internal, Op: "change connector", Err: errors.New("it would keep its account while it is deleted")}
		}
		return nil, nil
	})
}

// Retire is a Change that may make the connector Deleting. If it does, it frees the account in the same write.
func (s *Store) Retire(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	return s.rewrite(ctx, ref, func(c *connector.Connector) ([]Item, error) {
		before := c.Phase
		if err := change(c); err != nil || c.Phase != connector.Deleting || before == connector.Deleting {
			return nil, err
		}
		return s.freed(ctx, c)
	})
}

// rewrite changes a connector. In the same transaction it writes the connector's events and the items that change returns.
func (s *Store) rewrite(ctx context.Context, ref connector.Ref, change func(*connector.Connector) (also []Item, err error)) (*connector.Connector, error) {
	for range maxTries {
		item, err := s.Table.Get(ctx, connectorKey(ref))
		if err != nil || item == nil {
			return nil, err
		}
		c, writes, err := changed(item, change)
		if err == nil && len(writes) > 0 {
			err = s.Table.Put(ctx, writes...)
		}
		switch {
		case err == nil:
			return c, nil
		case !errors.Is(err, ErrChanged):
			return nil, err
		}
	}
	return nil, busy("change connector")
}

// changed returns a connector after a change, with the writes that it needs: none if nothing is new.
func changed(item *Item, change func(*connector.Connector) (also []Item, err error)) (*connector.Connector, []Item, error) {
	c, err := readConnector(item)
	if err != nil {
		return nil, nil, err
	}
	also, err := change(c)
	if err != nil {
		return nil, nil, err
	}
	after, err := connectorItem(c, item.Version)
	if err != nil {
		return nil, nil, err
	}
	if bytes.Equal(after.Body, item.Body) && len(c.Events) == 0 {
		return c, nil, nil
	}
	audit, err := auditItems(c)
	return c, slices.Concat(audit, []Item{after}, also), err
}

// freed returns the write that frees the connector's account, or nothing if another connector holds the account. The write
// lets the item expire instead of removing it, so that it can be part of the same transaction as the connector. A late
// caller then gets a conflict on the connector, and cannot free an account that another connector has taken since.
func (s *Store) freed(ctx context.Context, c *connector.Connector) ([]Item, error) {
	account, err := s.Table.Get(ctx, accountKey(c.Tenant, c.Provider, c.Account))
	if err != nil || account == nil || string(account.Body) != c.ID {
		return nil, err
	}
	account.Expires = s.Now().Add(-time.Hour) // in the past by every clock
	return []Item{*account}, nil
}

// maxTries bounds how often a write is repeated because somebody else was faster.
const maxTries = 10

func busy(op string) error {
	return failed(op, errors.New("others kept changing it"))
}
