package lifecycle

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

// Changes are the settings of a connector that a person can change. A nil field stays as it is.
type Changes struct {
	NotifyEmails  *[]string
	IdleAfterDays *int
	Prices        *money.Agreed
	People        *privacy.Mode

	KeepPeopleDays *int // 0: as long as the deployment keeps people
}

// Change changes a connector and invites the recipients that are new on its list. It returns nil if there is no such
// connector. It fails with *TooManyInvitations or with the *fault.Error of the store.
func (l Lifecycle) Change(ctx context.Context, ref connector.Ref, changes Changes, actor string) (*connector.Connector, error) {
	current, err := l.live(ctx, ref)
	if err != nil || current == nil {
		return nil, err
	}
	if emails := changes.NotifyEmails; emails != nil {
		if err := l.mayInvite(ctx, ref.Tenant, len(added(current.NotifyEmails, *emails))); err != nil {
			return nil, err
		}
	}
	now, others := l.Now().UTC(), false
	changed, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		if c.Phase != connector.Live {
			return nil
		}
		others = false
		var details []string
		if emails := changes.NotifyEmails; emails != nil && !slices.Equal(*emails, c.NotifyEmails) {
			details = append(details, fmt.Sprintf("notifyEmails from %s to %s", list(c.NotifyEmails), list(*emails)))
			c.Uninvited = append(common(c.Uninvited, *emails), added(c.NotifyEmails, *emails)...)
			if len(added(*emails, c.NotifyEmails)) > 0 {
				c.LeaversUntil = now.Add(invitationHolds)
			}
			c.NotifyEmails = *emails
			others = true
		}
		if days := changes.IdleAfterDays; days != nil && *days != c.IdleAfterDays {
			details = append(details, fmt.Sprintf("idleAfterDays from %d to %d", c.IdleAfterDays, *days))
			c.IdleAfterDays = *days
		}
		if people := changes.People; people != nil && *people != cmp.Or(c.ShowPeople, privacy.Named) {
			details = append(details, fmt.Sprintf("people from %s to %s", cmp.Or(c.ShowPeople, privacy.Named), *people))
			c.ShowPeople = *people
			c.NeedKey()
		}
		if days := changes.KeepPeopleDays; days != nil && *days != c.KeepPeopleDays {
			details = append(details, fmt.Sprintf("keepPeopleDays from %s to %s", orAll(c.KeepPeopleDays), orAll(*days)))
			c.KeepPeopleDays = *days
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
			c.Record(now, actor, audit.Changed, strings.Join(details, ", "))
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case changed == nil || changed.Phase != connector.Live: // deleted meanwhile
		return nil, nil
	case changes.NotifyEmails == nil, !others && len(changed.Uninvited) == 0:
		return changed, nil
	}
	return l.invite(ctx, changed), nil
}

// agree adds prices to those that were agreed before. It returns the change in words for the audit event, or nil if nothing
// changed.
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

func orAll(days int) string {
	if days == 0 {
		return "all"
	}
	return strconv.Itoa(days)
}

func list(emails []string) string {
	if len(emails) == 0 {
		return "nobody"
	}
	return strings.Join(emails, " ")
}
