package collect

import (
	"context"
	"errors"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// follow gives the connector the name that its account has now. The caller has compared the account's id, because the former name can
// belong to another account. It returns renamed, which ends the run: another run reads the account under the new name. A name that is no
// slug is not followed, because it would become part of addresses.
func (r *reader) follow(ctx context.Context, name string, renamed error) error {
	if _, err := copilot.ParseSlug(name); err != nil {
		return &fault.Error{Code: fault.Unexpected, Op: "follow account", Err: errors.New("GitHub documents no account name of that form")}
	}
	conn := r.found.Conn
	holder, err := r.Store.Rename(ctx, conn.Ref, name, func(c *connector.Connector) {
		c.Record(r.found.Began, audit.Poll, audit.Changed, fmt.Sprintf("slug: %s → %s", c.Slug, name))
	})
	switch {
	case err != nil:
		return err
	case holder != nil:
		r.found.Holder = holder
	default:
		r.found.Followed = true
	}
	return renamed
}
