package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// maxInvitations is how many people a tenant can have mailed in a day who have not said that they want it: enough for ten
// connectors with ten recipients each.
const maxInvitations = 100

// TooManyInvitations says that a tenant has invited as many people as it may within a day. Nothing was changed.
type TooManyInvitations struct{ RetryAfter time.Duration }

func (t *TooManyInvitations) Error() string {
	return fmt.Sprintf("more than %d invitations within a day", maxInvitations)
}

// mayInvite counts invitations that are about to be sent.
func (l Lifecycle) mayInvite(ctx context.Context, tenant string, n int) error {
	if n == 0 {
		return nil
	}
	wait, err := l.Store.CountInvitations(ctx, tenant, n, maxInvitations)
	if err == nil && wait > 0 {
		return &TooManyInvitations{RetryAfter: wait}
	}
	return err
}

// invite makes the connector's list that of its recipients, and asks those who were not asked yet. Who cannot be asked is
// asked by the next change of the list, and shown as not subscribed until then. It returns the connector as it is then.
func (l Lifecycle) invite(ctx context.Context, c *connector.Connector) *connector.Connector {
	asked, err := l.Recipients.Invite(ctx, c.Ref, c.NotifyEmails, c.Uninvited)
	if err != nil {
		l.Log.WarnContext(ctx, "recipients not invited", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
	current, err := l.Store.Change(ctx, c.Ref, func(c *connector.Connector) error {
		c.Uninvited = added(asked, c.Uninvited)
		return nil
	})
	switch {
	case err != nil:
		l.Log.WarnContext(ctx, "recipients may be invited again", "tenant", c.Tenant, "connector", c.ID, "error", err)
	case current == nil || current.Phase != connector.Live: // deleted meanwhile, it must not leave a topic behind
		if err := l.Recipients.Forget(ctx, c.Ref); err != nil {
			l.Log.WarnContext(ctx, "recipients not forgotten", "tenant", c.Tenant, "connector", c.ID, "error", err)
		}
	default:
		return current
	}
	return c
}

// added is the part of a list that is not in the one before. The case of letters does not tell addresses apart.
func added(before, list []string) (rest []string) {
	for _, email := range list {
		if !has(before, email) {
			rest = append(rest, email)
		}
	}
	return rest
}

// common is the part of a list that is also in the next one.
func common(list, next []string) []string { return added(added(next, list), list) }

func has(list []string, email string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, email) })
}
