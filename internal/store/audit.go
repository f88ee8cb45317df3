package store

import (
	"context"
	"encoding/json"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// auditItems gives new events their ids and returns their items. They are written together with their connector.
func auditItems(c *connector.Connector) ([]Item, error) {
	items := make([]Item, 0, len(c.Events))
	for i := range c.Events {
		event := &c.Events[i]
		event.ID = connector.NewID()
		body, err := json.Marshal(event)
		if err != nil {
			return nil, failed("store event", err)
		}
		items = append(items, Item{Key: auditKey(c.Ref, *event), Body: body})
	}
	return items, nil
}

// Audit returns up to limit events of a connector, newest first. It begins after a place that an earlier call returned as next,
// or at the newest event if the place is empty. next is empty at the end.
func (s *Store) Audit(ctx context.Context, ref connector.Ref, place string, limit int) (events []audit.Event, next string, err error) {
	r := auditRange(ref, place)
	r.Limit = limit + 2 // one for the place itself, and one to see whether there are more
	for item, err := range s.Table.Query(ctx, r) {
		if err != nil {
			return nil, "", err
		}
		if auditPlace(item.Key) == place {
			continue
		}
		if len(events) == limit {
			return events, next, nil
		}
		var event audit.Event
		if err := json.Unmarshal(item.Body, &event); err != nil {
			return nil, "", failed("read event", fmt.Errorf("what is stored cannot be read: %w", err))
		}
		events, next = append(events, event), auditPlace(item.Key)
	}
	return events, "", nil
}
