package store

import (
	"context"
	"crypto/sha256"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// The members of teams rarely change from day to day. A membership is stored under a hash of its content, once for all days of a
// month that name it. So an unchanged membership writes nothing.

// KeepMembership stores the membership of a day and returns its hash. The caller then commits a revision of the day that names the
// membership by this hash.
func (s *Store) KeepMembership(ctx context.Context, ref connector.Ref, date calendar.Date, of *team.Membership) (hash string, err error) {
	text := of.Bytes()
	hash = team.HashOf(text)
	items, err := monthItems(digestOfText(text), text, func(part int) Key { return membershipKey(ref, date, hash, part) })
	if err != nil {
		return "", err
	}
	keys := make([]Key, len(items))
	for i := range items {
		keys[i] = items[i].Key
	}
	kept, err := s.Table.GetAll(ctx, keys)
	if err != nil {
		return "", err
	}
	stays := 0
	for i := range kept {
		if kept[i].Expires.IsZero() {
			stays++
		}
	}
	if stays == len(items) {
		return hash, nil
	}
	return hash, s.Table.PutAll(ctx, items)
}

func digestOfText(text []byte) (d digest) {
	sum := sha256.Sum256(text)
	copy(d[:], sum[:])
	return d
}

// Membership returns the membership that a day names.
func (s *Store) Membership(ctx context.Context, ref connector.Ref, date calendar.Date, hash string) (*team.Membership, error) {
	items, err := s.parts(ctx, []Key{membershipKey(ref, date, hash, 0)})
	if err != nil {
		return nil, err
	}
	return readMembership(date, items)
}

// readMembership reads the membership that a day names from its items.
func readMembership(date calendar.Date, items []Item) (*team.Membership, error) {
	op := "read the teams of " + date.String()
	_, text := joined(items)
	if text == nil {
		return nil, failed(op, errors.New("a part of them is missing"))
	}
	of, err := team.ReadMembership(text)
	if err != nil {
		return nil, failed(op, err)
	}
	return of, nil
}

// expireMemberships lets the memberships of a month expire that no day names.
func (s *Store) expireMemberships(ctx context.Context, ref connector.Ref, month calendar.Date, named map[string]bool) error {
	return s.expire(ctx, membershipsRange(ref, month), func(set string) bool { return !named[set] })
}
