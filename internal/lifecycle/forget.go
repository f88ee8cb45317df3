package lifecycle

import (
	"context"
	"errors"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// ErrForgetsTooMany says that a connector has forgotten as many people as it can.
var ErrForgetsTooMany = errors.New("a connector forgets 1,000 people at most: delete it and save it anew")

// maxForgotten is how many people a connector can forget.
const maxForgotten = 1000

// Forget takes a person, whom an id of GitHub's or a pseudonym names, out of everything that is kept of a connector. From now on
// nothing shows them, and no poll stores them again; a task takes them out of what is stored. It may be repeated. It returns nil if
// there is no such connector. Whether there was such a person is not told.
func (l Lifecycle) Forget(ctx context.Context, ref connector.Ref, person, actor string) (*connector.Connector, error) {
	now := l.Now().UTC()
	c, err := l.Store.Change(ctx, ref, func(c *connector.Connector) error {
		id, ok := c.PeopleKey.Person(person)
		if !ok {
			id, _ = strconv.ParseInt(person, 10, 64) // 0, whom nobody has, for the pseudonym of another connector
		}
		if c.Phase != connector.Live || id == 0 {
			return nil
		}
		if len(c.Forgotten) >= maxForgotten {
			return ErrForgetsTooMany
		}
		if c.Forget(id) {
			c.UpdatedAt = now
			c.Record(now, actor, audit.Forgotten, "")
		}
		return nil
	})
	if err != nil || c == nil || c.Phase != connector.Live {
		return nil, err
	}
	if len(c.Forgetting) == 0 {
		return c, nil
	}
	// A failure is told: the next poll takes them out as well, but that may be a day away.
	return c, l.Queue.Send(ctx, connector.Task{Tenant: ref.Tenant, Connector: ref.ID, ScheduledFor: now, Reason: connector.ReasonForget})
}
