package store

import (
	"context"
	"encoding/hex"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// A membership keeps its name when people are removed from it, because days name it. So its parts are replaced one after the other.
// Each part names the new content by its digest. This content is first stored under its own name, where a later run finds it if this
// one ends between two parts.

// copyStays is how long that copy stays. An interrupted removal is repeated earlier, by its own task or by one that a poll queues.
const copyStays = 7 * 24 * time.Hour

// withoutMembers removes people from the memberships of a month.
func (s *Store) withoutMembers(ctx context.Context, ref connector.Ref, month calendar.Date, gone func(int64) bool) error {
	kept := map[string][]Item{}
	for item, err := range s.Table.Query(ctx, membershipsRange(ref, month)) {
		if err != nil {
			return err
		}
		kept[setOf(item.Key)] = append(kept[setOf(item.Key)], item)
	}
	texts := map[string][]byte{}
	for hash, items := range kept {
		if texts[hash] = membershipText(kept, items); texts[hash] == nil {
			if err := s.Table.DeleteAll(ctx, keysIn(items)); err != nil { // nobody can read it, but it contains people
				return err
			}
		}
	}
	for hash, text := range texts {
		if text == nil {
			continue
		}
		if err := s.leaveMembership(ctx, ref, month, hash, text, kept, gone); err != nil {
			return err
		}
	}
	return nil
}

// membershipText returns the content of a membership from its items, or from the copy that they name. It returns nil if both are
// incomplete.
func membershipText(kept map[string][]Item, items []Item) []byte {
	if _, text := joined(items); text != nil {
		return text
	}
	for _, item := range items {
		if partsOf(item) == 0 {
			continue
		}
		if _, text := joined(kept[hex.EncodeToString(item.Body[:partHead-1])]); text != nil {
			return text
		}
	}
	return nil
}

// leaveMembership removes people from a membership.
func (s *Store) leaveMembership(
	ctx context.Context, ref connector.Ref, month calendar.Date, hash string, text []byte, kept map[string][]Item, gone func(int64) bool,
) error {
	membership, err := team.ReadMembership(text)
	if err != nil {
		return failed("forget members of teams", err)
	}
	items := kept[hash]
	left, changed := membership.Without(gone)
	if _, whole := joined(items); !changed && whole != nil && len(items) == partsOf(items[0]) {
		return nil
	}
	put := func(name string, expires time.Time) (parts int, err error) {
		text := left.Bytes()
		writes, err := monthItems(digestOfText(text), text, func(part int) Key { return membershipKey(ref, month, name, part) })
		for i := range writes {
			writes[i].Expires = expires
		}
		if err != nil {
			return 0, err
		}
		return len(writes), s.Table.PutAll(ctx, writes)
	}
	if _, copied := joined(kept[left.Hash()]); copied == nil && len(items) > 1 {
		if _, err := put(left.Hash(), s.Now().Add(copyStays)); err != nil {
			return err
		}
	}
	parts, err := put(hash, items[0].Expires)
	if err != nil {
		return err
	}
	return s.Table.DeleteAll(ctx, keysIn(items[min(parts, len(items)):]))
}

func keysIn(items []Item) (keys []Key) {
	for _, item := range items {
		keys = append(keys, item.Key)
	}
	return keys
}
