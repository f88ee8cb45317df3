package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// maxInvitations is how many invitations a tenant can send in a day to people who have not agreed to get mail. It is
// enough for ten connectors with ten recipients each.
const maxInvitations = 100

// invitationHolds is longer than the two days in which an invitation can be confirmed. SNS cannot withdraw one.
const invitationHolds = 4 * 24 * time.Hour

// TooManyInvitations is the error of a change that would send more invitations than a tenant may send within a day. Nothing
// was changed.
type TooManyInvitations struct{ RetryAfter time.Duration }

func (t *TooManyInvitations) Error() string {
	return fmt.Sprintf("more than %d invitations within a day", maxInvitations)
}

// mayInvite counts invitations before they are sent. It fails with *TooManyInvitations if they are too many.
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

// invite subscribes the connector's list of recipients, and asks the new ones to confirm. The next change of the list asks
// those again who could not be asked; until then the API shows them as not subscribed. invite returns the connector as it
// is afterwards.
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

// added returns the addresses of a list that are not in the previous one. It ignores letter case.
func added(before, list []string) (rest []string) {
	for _, email := range list {
		if !has(before, email) {
			rest = append(rest, email)
		}
	}
	return rest
}

// common returns the addresses of a list that are also in the next one.
func common(list, next []string) []string { return added(added(next, list), list) }

func has(list []string, email string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, email) })
}
