package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Rename gives a live connector's account another name. In the same write it frees the former name and reserves the new one. note is called
// before, to record why. If another connector of the tenant holds the new name, Rename returns that connector and changes nothing.
func (s *Store) Rename(ctx context.Context, ref connector.Ref, name string, note func(*connector.Connector)) (holder *connector.Connector, err error) {
	_, err = s.rewrite(ctx, ref, func(c *connector.Connector) ([]Item, error) {
		after := c.Account
		after.Slug = name
		if c.Phase != connector.Live || c.Account == after {
			return nil, nil
		}
		reserved := Item{Key: accountKey(c.Tenant, c.Provider, after), Body: []byte(c.ID)}
		if reserved.Key == accountKey(c.Tenant, c.Provider, c.Account) { // only letter case differs
			note(c)
			c.Account = after
			return nil, nil
		}
		if holder, err = s.Holder(ctx, c.Tenant, c.Provider, after); err != nil || holder != nil {
			return nil, err
		}
		freed, err := s.freed(ctx, c)
		if err != nil {
			return nil, err
		}
		note(c)
		c.Account = after
		return append(freed, reserved), nil
	})
	return holder, err
}
