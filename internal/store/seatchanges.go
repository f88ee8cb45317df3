package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// The changes of a snapshot since the one before are stored beside it, so that a month needs one list and not one for each day. They
// name both snapshots. A reader uses them only if both are current, and otherwise compares the lists.

// maxChanges bounds the packed changes. Longer changes are not stored, and the two lists are read instead. So all changes of a month
// fit into one answer of DynamoDB.
const maxChanges = 256 << 10

// changesSince returns the items of the changes since the snapshot before, and names that snapshot in the head.
func (s *Store) changesSince(ctx context.Context, ref connector.Ref, before, head *seatsHead, list []seat.Seat) ([]Item, error) {
	if before == nil {
		return nil, nil
	}
	lists, err := s.seatLists(ctx, ref, []*seatsHead{before})
	if err != nil || lists[before.date] == nil {
		return nil, err
	}
	had, err := unpackSeats(lists[before.date])
	if err != nil {
		return nil, nil //nolint:nilerr // a damaged list must not prevent that a later one is stored
	}
	changes := seat.ChangesBetween(had, list)
	if len(changes.Removed) == 0 && len(changes.Added) == 0 {
		head.Before = new(before.name())
		return nil, nil
	}
	removed := seat.Pack(seat.Bare(changes.Removed))
	text := append([]byte(before.name().String()+head.name().String()), binary.AppendUvarint(nil, uint64(len(removed)))...)
	text = append(append(text, removed...), seat.Pack(seat.Bare(changes.Added))...)
	body, err := deflate("store seats", text)
	if err != nil || len(body) > maxChanges {
		return nil, nil //nolint:nilerr // too many
	}
	head.Before, head.Changed = new(before.name()), true
	return []Item{{Key: seatChangesKey(ref, head.date), Body: body}}, nil
}

func (n seatsName) String() string { return n.Date.String() + "#" + n.Set + "\n" }

// changesFrom returns the stored changes of a snapshot since the one before, if they are usable.
func (h *seatsHead) changesFrom(before *seatsHead, kept []byte) (c seat.Changes, ok bool, err error) {
	const op = "read changes of the seats"
	switch {
	case h.Before == nil || *h.Before != before.name():
		return c, false, nil
	case !h.Changed:
		return c, true, nil
	case kept == nil:
		return c, false, nil
	}
	text, err := inflate(op, kept)
	if err != nil {
		return c, false, err
	}
	rest, ok := bytes.CutPrefix(text, []byte(before.name().String()+h.name().String()))
	if !ok {
		return c, false, nil // they belong to an earlier snapshot of the day
	}
	if c, err = readChanges(rest); err != nil {
		return c, false, failed(op, err)
	}
	return c, true, nil
}

// readChanges reads the stored form of changes, which follows the names of the two snapshots.
func readChanges(rest []byte) (c seat.Changes, err error) {
	length, n := binary.Uvarint(rest)
	if n <= 0 || length > uint64(len(rest)-n) { //nolint:gosec // not negative
		return c, errors.New("they are damaged")
	}
	removed, added := rest[n:n+int(length)], rest[n+int(length):] //nolint:gosec // it fits
	if c.Removed, err = seat.Unpack(removed); err != nil {
		return c, err
	}
	c.Added, err = seat.Unpack(added)
	return c, err
}

// withoutChanges deletes the changes that name removed people: those of the snapshot of a day, and those of the next snapshot, which
// name everybody who had a seat on the day and has none any more. Readers then compare the lists. Changes that cannot be read are
// deleted too.
func (s *Store) withoutChanges(ctx context.Context, ref connector.Ref, date calendar.Date, gone func(int64) bool) error {
	next := seatChangesRange(ref, calendar.Range{From: date, To: date + cost.Reach})
	next.Limit = 2
	var keys []Key
	for item, err := range s.Table.Query(ctx, next) {
		if err != nil {
			return err
		}
		if changesName(item.Body, gone) {
			keys = append(keys, item.Key)
		}
	}
	return s.Table.DeleteAll(ctx, keys)
}

// changesName reports whether stored changes name one of some people, or cannot be read.
func changesName(kept []byte, some func(int64) bool) bool {
	text, err := inflate("read changes of the seats", kept)
	if err != nil {
		return true
	}
	names := bytes.SplitN(text, []byte("\n"), 3)
	if len(names) < 3 {
		return true
	}
	c, err := readChanges(names[2])
	return err != nil || slices.ContainsFunc(slices.Concat(c.Removed, c.Added), func(grant seat.Seat) bool {
		return grant.UserID != nil && some(*grant.UserID)
	})
}

// SeatHistory returns the snapshots of a range of days, oldest first, each as its changes since the one before. It also returns the
// newest snapshot of the days listed, or nil if there is none. A snapshot is left out if it needs pages that are missing. While
// the lists are being read, beside is called with the instant of the newest snapshot.
func (s *Store) SeatHistory(ctx context.Context, ref connector.Ref, days, listed calendar.Range, beside func(asOf time.Time)) ([]cost.DayChanges, *seat.Snapshot, error) {
	heads, kept, err := s.seatHeads(ctx, ref, days)
	if err != nil {
		return nil, nil, err
	}
	for {
		h, err := chain(heads, kept, listed)
		if err != nil {
			return nil, nil, err
		}
		lists, err := s.seatListsBeside(ctx, ref, h.needed(), func() {
			if h.latest != nil {
				beside(h.latest.AsOf)
			}
		})
		if err != nil {
			return nil, nil, err
		}
		if there := without(heads, h.needed(), lists); len(there) < len(heads) {
			heads = there
			continue
		}
		return h.read(ctx, lists)
	}
}

// changesAtOnce is how many days of changes one query reads. They are a megabyte at most, which is one answer of DynamoDB.
const changesAtOnce = 1 << 20 / maxChanges

// seatHeads reads the heads of a range of days and their stored changes, in one round. It queries them, because on many days nothing has
// changed, and DynamoDB charges for each key that is asked for in vain.
func (s *Store) seatHeads(ctx context.Context, ref connector.Ref, days calendar.Range) (heads []*seatsHead, kept map[calendar.Date][]byte, err error) {
	items, err := s.sideBySide(ctx, s.lagging(append(inParts(ref, days, changesAtOnce, seatChangesRange), seatsRange(ref, days))))
	if err != nil {
		return nil, nil, err
	}
	kept = map[calendar.Date][]byte{}
	for i := range items {
		if changed, ok := strings.CutPrefix(items[i].Sort, seatChangesPrefix); ok {
			date, err := calendar.ParseDate(changed)
			if err != nil {
				return nil, nil, failed("read changes of the seats", err)
			}
			kept[date] = items[i].Body
			continue
		}
		head, err := readSeatsHead(&items[i])
		if err != nil {
			return nil, nil, err
		}
		heads = append(heads, head)
	}
	return heads, kept, nil
}

// without returns the heads, except those whose list is needed and missing.
func without(heads, needed []*seatsHead, lists map[calendar.Date][][]byte) []*seatsHead {
	return slices.DeleteFunc(slices.Clone(heads), func(h *seatsHead) bool {
		return lists[h.date] == nil && slices.Contains(needed, h)
	})
}

// history is a sequence of snapshots, divided into stretches. Within a stretch, each snapshot but the first has stored changes.
type history struct {
	stretches []stretch
	latest    *seatsHead
}

// stretch is a sequence of snapshots of which one list must be read.
type stretch struct {
	heads   []*seatsHead
	changes []seat.Changes // the changes of each but the first, since the one before
	list    int            // the index of the head whose list is read
}

// chain finds the stretches. The caller needs the list of the newest snapshot of some days.
func chain(heads []*seatsHead, kept map[calendar.Date][]byte, listed calendar.Range) (*history, error) {
	h := &history{}
	for i, head := range heads {
		follows := false
		if i > 0 {
			changes, ok, err := head.changesFrom(heads[i-1], kept[head.date])
			if err != nil {
				return nil, err
			}
			if follows = ok; ok {
				last := &h.stretches[len(h.stretches)-1]
				last.heads, last.changes = append(last.heads, head), append(last.changes, changes)
			}
		}
		if !follows {
			h.stretches = append(h.stretches, stretch{heads: []*seatsHead{head}})
		}
		if listed.From <= head.date && head.date <= listed.To {
			h.latest = head
		}
	}
	for i := range h.stretches {
		h.stretches[i].list = max(0, slices.Index(h.stretches[i].heads, h.latest))
	}
	return h, nil
}

func (h *history) needed() (heads []*seatsHead) {
	for i := range h.stretches {
		heads = append(heads, h.stretches[i].heads[h.stretches[i].list])
	}
	return heads
}

// read returns the changes of every snapshot since the one before, from the lists and the stored changes.
func (h *history) read(ctx context.Context, lists map[calendar.Date][][]byte) (days []cost.DayChanges, latest *seat.Snapshot, err error) {
	const op = "read seats"
	var before []seat.Seat // the last snapshot of the stretch before
	for i := range h.stretches {
		if err := fault.InTime(ctx, op); err != nil {
			return nil, nil, err
		}
		st := &h.stretches[i]
		list, err := unpackSeats(lists[st.heads[st.list].date])
		if err != nil {
			return nil, nil, err
		}
		if st.heads[st.list] == h.latest {
			latest = h.latest.snapshot(list)
		}
		first, err := seat.Before(list, st.changes[:st.list]...)
		if err != nil {
			return nil, nil, failed(op, err)
		}
		opening := seat.Changes{Added: first}
		if i > 0 {
			opening = seat.ChangesBetween(before, first)
		}
		for j, head := range st.heads {
			changes := opening
			if j > 0 {
				changes = st.changes[j-1]
			}
			days = append(days, cost.DayChanges{Date: head.date, Changes: changes, NotListed: head.NotListed, Plan: head.Shared})
		}
		if i < len(h.stretches)-1 {
			if before, err = seat.After(list, st.changes[st.list:]...); err != nil {
				return nil, nil, failed(op, err)
			}
		}
	}
	return days, latest, nil
}
