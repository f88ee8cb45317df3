package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Rename gives a live connector's account another name. In the same write it frees the former name and reserves the new one. note is called
// before, to record why. The caller has shown that the name belongs to c.AccountID now. If another connector of the tenant holds the name,
// Rename returns that connector and changes nothing, unless the holder is known to read another account. Then the holder loses the name,
// which is not its account's any more: its own poll finds the account's new name. So two accounts can swap their names.
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
		held, err := s.Table.Get(ctx, reserved.Key)
		if err != nil {
			return nil, err
		}
		if holder, err = s.holderOf(ctx, c.Tenant, held); err != nil || holder != nil && !readsAnother(holder, c) {
			return nil, err
		}
		if holder != nil {
			holder, reserved.Version = nil, held.Version
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

// readsAnother reports whether a holder is known to read another account than c. GitHub tells an account's id, and no id ever changes.
func readsAnother(holder, c *connector.Connector) bool {
	return holder.Phase == connector.Live && holder.AccountID != "" && c.AccountID != "" && holder.AccountID != c.AccountID
}
