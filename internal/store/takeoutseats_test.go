package store_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// The changes of a snapshot name people of the snapshot before.
func TestNoItemNamesSomebodyWhoLostASeatOnceTheyAreRemoved(t *testing.T) {
	t.Parallel()
	const leaver, joiner, stayer = 111_222_333, 144_222_333, 155_666_777
	for name, take := range map[string]func(*testing.T, *store.Store, connector.Ref) error{
		"one person, of all days": func(t *testing.T, s *store.Store, ref connector.Ref) error {
			for date := day; date < day+3; date++ {
				if err := s.Forget(t.Context(), ref, date, []int64{leaver}); err != nil {
					return err
				}
			}
			return nil
		},
		"everybody, of the first day": func(t *testing.T, s *store.Store, ref connector.Ref) error {
			return s.RemovePeople(t.Context(), ref, day)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := boltWorld(t)
			eachFault(t, func(t *testing.T, p *probe) {
				ref := newRef()
				for i, held := range [][]int64{{leaver, stayer}, {joiner, stayer}, {joiner, stayer}} {
					snapshot := seat.Snapshot{AsOf: day.Start(), Plan: copilot.PlanBusiness}
					for _, id := range held {
						snapshot.Seats = append(snapshot.Seats, seat.Seat{UserID: &id, Plan: copilot.PlanBusiness})
					}
					check(t, w.PutSeats(t.Context(), ref, day+calendar.Date(i), snapshot))
				}
				if where := w.itemsNaming(t, ref, leaver); len(where) != 2 {
					t.Fatalf("the person is in %v, want a list and the changes of the next", where)
				}
				failing := w.through(p)
				for try := 0; take(t, failing, ref) != nil; try++ {
					if try == 3 {
						t.Fatal("the removal fails again and again")
					}
				}
				if where := w.itemsNaming(t, ref, leaver); len(where) > 0 {
					t.Errorf("the person is still in %v", where)
				}
			})
		})
	}
}

// A list that lacks a page cannot be read, but its other pages and the pages of the list before it contain people.
func TestNoPageOfAnIncompleteListKeepsSomebodyWhoIsRemoved(t *testing.T) {
	t.Parallel()
	const leaver, stayer = 111_222_333, 155_666_777
	w := boltWorld(t)
	ref := newRef()
	list := func() (pages []store.Key) {
		for item, err := range w.table.Query(t.Context(), store.Range{Partition: "connector#" + ref.Tenant + "/" + ref.ID, From: "seatlist#", To: "seatlist$"}) {
			check(t, err)
			pages = append(pages, item.Key)
		}
		return pages
	}
	put := func(ids ...int64) {
		snapshot := seat.Snapshot{AsOf: day.Start(), Plan: copilot.PlanBusiness}
		for _, id := range ids {
			snapshot.Seats = append(snapshot.Seats, seat.Seat{UserID: &id, Plan: copilot.PlanBusiness})
		}
		check(t, w.PutSeats(t.Context(), ref, day, snapshot))
	}
	put(leaver, stayer)
	before := list()
	put(leaver)
	for _, page := range list() {
		if !slices.Contains(before, page) {
			check(t, w.table.DeleteAll(t.Context(), []store.Key{page}))
		}
	}
	check(t, w.Forget(t.Context(), ref, day, []int64{leaver}))
	if where := w.itemsNaming(t, ref, leaver); len(where) > 0 {
		t.Errorf("the person is still in %v", where)
	}
}

// itemsNaming returns the sort keys of the items that have an id as the first one of a column.
func (w *world) itemsNaming(t *testing.T, ref connector.Ref, id int64) (where []string) {
	t.Helper()
	forms := [][]byte{binary.AppendUvarint(nil, uint64(id)), binary.AppendVarint(nil, id)} //nolint:gosec // positive
	for item, err := range w.table.Query(t.Context(), store.Range{Partition: "connector#" + ref.Tenant + "/" + ref.ID}) {
		check(t, err)
		text := unzipped(t, item.Body)
		if slices.ContainsFunc(forms, func(form []byte) bool { return bytes.Contains(text, form) }) {
			where = append(where, item.Sort)
		}
	}
	return where
}

// Most days of a year have nobody who is removed, and a removal that is repeated finds nobody.
func TestARemovalWritesNoListThatNamesNobody(t *testing.T) {
	t.Parallel()
	const leaver, stayer, stranger = 111_222_333, 155_666_777, 7
	w := boltWorld(t)
	ref := newRef()
	snapshot := seat.Snapshot{AsOf: day.Start(), Plan: copilot.PlanBusiness}
	for _, id := range []int64{leaver, stayer} {
		snapshot.Seats = append(snapshot.Seats, seat.Seat{UserID: &id, Plan: copilot.PlanBusiness})
	}
	check(t, w.PutSeats(t.Context(), ref, day, snapshot))
	for _, step := range []struct {
		id    int64
		lists int // how many are written
	}{{stranger, 0}, {leaver, 1}, {leaver, 0}} {
		before := w.keysOf(t, ref, "seatlist#")
		p := &probe{}
		check(t, w.through(p).Forget(t.Context(), ref, day, []int64{step.id}))
		if wrote := slices.Contains(p.calls, "PutAll"); wrote != (step.lists > 0) {
			t.Errorf("without %d the calls are %v", step.id, p.calls)
		}
		after := w.keysOf(t, ref, "seatlist#")
		if same := slices.Equal(before, after); same != (step.lists == 0) || len(after) != 1 {
			t.Errorf("without %d the lists are %v, before %v", step.id, after, before)
		}
	}
}
