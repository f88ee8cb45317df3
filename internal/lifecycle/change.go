package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Changes are what a person can change of a connector; what is nil stays.
type Changes struct {
	NotifyEmails  *[]string
	IdleAfterDays *int
}

// Change changes a connector. Its recipients who have not confirmed are invited again, also where the list stays as it
// is. It returns nil where there is no such connector.
func (l Lifecycle) Change(ctx context.Context, ref connector.Ref, changes Changes, actor string) (*connector.Connector, error) {
	if c, err := l.live(ctx, ref); err != nil || c == nil {
		return nil, err
	}
	now := l.Now().UTC()
	changed, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		var details []string
		if emails := changes.NotifyEmails; emails != nil && !slices.Equal(*emails, c.NotifyEmails) {
			details = append(details, fmt.Sprintf("notifyEmails from %s to %s", list(c.NotifyEmails), list(*emails)))
			c.NotifyEmails = *emails
		}
		if days := changes.IdleAfterDays; days != nil && *days != c.IdleAfterDays {
			details = append(details, fmt.Sprintf("idleAfterDays from %d to %d", c.IdleAfterDays, *days))
			c.IdleAfterDays = *days
		}
		if len(details) > 0 {
			c.UpdatedAt = now
			c.Record(now, actor, connector.ActionChanged, strings.Join(details, ", "))
		}
		return nil
	})
	if err != nil || changed == nil || changes.NotifyEmails == nil {
		return changed, err
	}
	return changed, l.Recipients.Invite(ctx, ref, changed.NotifyEmails)
}

func list(emails []string) string {
	if len(emails) == 0 {
		return "nobody"
	}
	return strings.Join(emails, " ")
}
