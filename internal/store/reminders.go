package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// ClaimReminder says whether a reminder is to be sent now: it was not sent, and nobody claims to be sending it. The claim
// ends by itself at that instant, so that one who dies in between does not keep the mail back for ever.
func (s *Store) ClaimReminder(ctx context.Context, ref connector.Ref, reminder string, until time.Time) (bool, error) {
	known, err := s.Table.Get(ctx, reminderKey(ref, reminder))
	if err != nil || known != nil {
		return false, err
	}
	err = s.Table.Put(ctx, Item{Key: reminderKey(ref, reminder), Body: []byte(connector.NewID()), Expires: until})
	if errors.Is(err, ErrChanged) {
		return false, nil
	}
	return err == nil, err
}

// ReminderSent makes a reminder one that was sent. It goes with the connector.
func (s *Store) ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error {
	return s.Table.PutAll(ctx, []Item{{Key: reminderKey(ref, reminder), Body: []byte("sent")}})
}
