package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// reminderSent is the content of the item of a mail that was sent. While the mail is being sent, the item names the sender.
const reminderSent = "sent"

// ClaimReminder reports whether the caller must send the mail now. If true, the caller holds the claim for that time, and
// nobody else sends the mail; the claim expires, so that a process that crashes does not block the mail for ever. False
// means that the mail was sent. It fails with fault.Conflict while somebody else holds the claim.
func (s *Store) ClaimReminder(ctx context.Context, ref connector.Ref, reminder string, holds time.Duration) (bool, error) {
	taken := &fault.Error{Code: fault.Conflict, Op: "claim reminder", Err: errors.New("somebody else is sending it")}
	known, err := s.Table.Get(ctx, reminderKey(ref, reminder))
	switch {
	case err != nil:
		return false, err
	case known != nil && string(known.Body) == reminderSent:
		return false, nil
	case known != nil:
		return false, taken
	}
	err = s.Table.Put(ctx, Item{Key: reminderKey(ref, reminder), Body: []byte(connector.NewID()), Expires: s.Now().Add(holds)})
	if errors.Is(err, ErrChanged) {
		return false, taken
	}
	return err == nil, err
}

// ReleaseReminder ends the caller's claim: the mail was not sent.
func (s *Store) ReleaseReminder(ctx context.Context, ref connector.Ref, reminder string) error {
	return s.Table.DeleteAll(ctx, []Key{reminderKey(ref, reminder)})
}

// sentFor is how long we remember that a mail was sent. It is longer than the life of any token. It ends, because the connector may
// have been removed while the mail was being sent.
const sentFor = 800 * 24 * time.Hour

// ReminderSent records that a mail was sent.
func (s *Store) ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error {
	return s.Table.PutAll(ctx, []Item{{Key: reminderKey(ref, reminder), Body: []byte(reminderSent), Expires: s.Now().Add(sentFor)}})
}
