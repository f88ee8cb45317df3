package store

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// reminderSent is what the item of a mail that was sent holds. While it is being sent the item names the sender instead.
const reminderSent = "sent"

// ClaimReminder says whether a mail is to be sent now: it was not sent, and from now on nobody else sends it for so long.
// The claim ends by itself, so that one who dies meanwhile does not keep the mail back for ever. While somebody else
// holds it, it fails with CodeConflict.
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

// sentFor is how long it is remembered that a mail was sent: longer than any token lives, and not for ever, as the
// connector may have been removed while the mail was on its way.
const sentFor = 800 * 24 * time.Hour

// ReminderSent makes a mail one that was sent.
func (s *Store) ReminderSent(ctx context.Context, ref connector.Ref, reminder string) error {
	return s.Table.PutAll(ctx, []Item{{Key: reminderKey(ref, reminder), Body: []byte(reminderSent), Expires: s.Now().Add(sentFor)}})
}
