package lifecycle

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Changes are what a person can change of a connector; what is nil stays.
type Changes struct {
	NotifyEmails  *[]string
	IdleAfterDays *int
	Prices        *money.Agreed
}

// Change changes a connector. Its recipients who have not confirmed are invited again, also where the list stays as it
// is. It returns nil where there is no such connector.
func (l Lifecycle) Change(ctx context.Context, ref connector.Ref, changes Changes, actor string) (*connector.Connector, error) {
	if c, err := l.live(ctx, ref); err != nil || c == nil {
		return nil, err
	}
	now := l.Now().UTC()
	changed, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		if c.Phase != connector.Live {
			return nil
		}
		var details []string
		if emails := changes.NotifyEmails; emails != nil && !slices.Equal(*emails, c.NotifyEmails) {
			details = append(details, fmt.Sprintf("notifyEmails from %s to %s", list(c.NotifyEmails), list(*emails)))
			c.NotifyEmails = *emails
		}
		if days := changes.IdleAfterDays; days != nil && *days != c.IdleAfterDays {
			details = append(details, fmt.Sprintf("idleAfterDays from %d to %d", c.IdleAfterDays, *days))
			c.IdleAfterDays = *days
		}
		if changes.Prices != nil {
			detail, err := agree(c, *changes.Prices)
			if err != nil {
				return err
			}
			details = append(details, detail...)
		}
		if len(details) > 0 {
			c.UpdatedAt = now
			c.Record(now, actor, connector.ActionChanged, strings.Join(details, ", "))
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case changed == nil || changed.Phase != connector.Live: // deleted meanwhile
		return nil, nil
	case changes.NotifyEmails == nil:
		return changed, nil
	}
	l.invite(ctx, changed)
	return changed, nil
}

// agree adds prices to those that were agreed before, and tells what has changed.
func agree(c *connector.Connector, prices money.Agreed) (detail []string, err error) {
	agreements, err := money.ReadAgreements(c.Prices)
	if err != nil {
		return nil, &fault.Error{Code: fault.Store, Op: "read the connector's prices", Err: err}
	}
	next := agreements.With(prices)
	if bytes.Equal(next.Bytes(), agreements.Bytes()) {
		return nil, nil
	}
	c.Prices = next.Bytes()
	return []string{fmt.Sprintf("prices from %s to %s", money.Agreements{agreements.Last()}.Bytes(), money.Agreements{prices}.Bytes())}, nil
}

// invite asks the recipients to confirm. Where that fails the connector shows who is not subscribed, and they can be
// invited again.
func (l Lifecycle) invite(ctx context.Context, c *connector.Connector) {
	if err := l.Recipients.Invite(ctx, c.Ref, c.NotifyEmails); err != nil {
		l.Log.WarnContext(ctx, "recipients not invited", "tenant", c.Tenant, "connector", c.ID, "error", err)
	}
	// Deleted meanwhile, it must not leave a topic behind.
	if current, err := l.Store.Connector(ctx, c.Ref); err == nil && (current == nil || current.Phase != connector.Live) {
		err = l.Recipients.Forget(ctx, c.Ref)
		if err != nil {
			l.Log.WarnContext(ctx, "recipients not forgotten", "tenant", c.Tenant, "connector", c.ID, "error", err)
		}
	}
}

func list(emails []string) string {
	if len(emails) == 0 {
		return "nobody"
	}
	return strings.Join(emails, " ")
}
