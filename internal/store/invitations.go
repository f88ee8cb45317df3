package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// invitationsWithin is the period over which invitations are counted.
const invitationsWithin = 24 * time.Hour

// invited is the number of people whom a tenant has invited to confirm their address at an instant.
type invited struct {
	At    time.Time `json:"at"`
	Count int       `json:"count"`
	Nonce string    `json:"nonce"` // makes two otherwise equal entries different
}

// CountInvitations counts n more invitations of a tenant. If the tenant would have sent more than most within a day, it counts none
// of them and returns how long to wait until there is room.
func (s *Store) CountInvitations(ctx context.Context, tenant string, n, most int) (wait time.Duration, err error) {
	const op = "count invitations"
	for range maxTries {
		item, err := s.Table.Get(ctx, invitationsKey(tenant))
		if err != nil {
			return 0, err
		}
		next := Item{Key: invitationsKey(tenant), Expires: s.Now().Add(invitationsWithin + time.Hour)}
		var sent []invited
		if item != nil {
			next.Version = item.Version
			if err := json.Unmarshal(item.Body, &sent); err != nil {
				return 0, failed(op, errors.New("what is stored cannot be read"))
			}
		}
		now := s.Now().UTC()
		sent = slices.DeleteFunc(sent, func(i invited) bool { return now.Sub(i.At) >= invitationsWithin })
		if wait := roomFor(sent, n, most, now); wait > 0 {
			return wait, nil
		}
		if next.Body, err = json.Marshal(append(sent, invited{now, n, rand.Text()})); err != nil {
			return 0, failed(op, err)
		}
		if err := s.Table.Put(ctx, next); !errors.Is(err, ErrChanged) {
			return 0, err
		}
	}
	return 0, busy(op)
}

// roomFor returns how long to wait until n more do not exceed most, or 0 if there is room. sent must be in the order of time.
func roomFor(sent []invited, n, most int, now time.Time) time.Duration {
	over := n - most
	for _, i := range sent {
		over += i.Count
	}
	var wait time.Duration
	for _, i := range sent {
		if over <= 0 {
			break
		}
		over -= i.Count
		wait = i.At.Add(invitationsWithin).Sub(now)
	}
	return wait
}
