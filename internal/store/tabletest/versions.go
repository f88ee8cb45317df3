package tabletest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func versions(s *suite) {
	a, b := item("p", "a", "a"), item("p", "b", "b")

	s.holds("Each Put leaves an item at the next version", func(x *table) {
		x.put(a)
		x.same(x.get(a.Key), new(after(a, 1)))
		x.put(with(after(a, 1), "again"))
		x.same(x.get(a.Key), new(with(after(a, 2), "again")))
	})

	s.holds("A write at another version changes nothing", func(x *table) {
		x.put(a)
		x.put(after(a, 1))
		for _, version := range []int64{0, 1, 3} {
			x.changed(x.Put(x.Context(), with(after(a, version), "stale")))
			x.changed(x.Delete(x.Context(), after(a, version)))
		}
		x.changed(x.Put(x.Context(), after(b, 1))) // the item is missing
		x.same(x.query(store.Range{Partition: "p"}), []store.Item{after(a, 2)})
	})

	s.holds("Several items are written all or none", func(x *table) {
		x.put(a)
		elsewhere := item("q", "c", "c")
		x.changed(x.Put(x.Context(), with(after(a, 1), "new"), after(b, 1), elsewhere))
		x.changed(x.Put(x.Context(), elsewhere, with(a, "new")))
		x.same(x.get(a.Key), new(after(a, 1)))
		x.same(x.getAll(b.Key, elsewhere.Key), []store.Item(nil))

		x.put(with(after(a, 1), "new"), b, elsewhere)
		x.same(x.getAll(a.Key, b.Key, elsewhere.Key), []store.Item{with(after(a, 2), "new"), after(b, 1), after(elsewhere, 1)})

		x.changed(x.Delete(x.Context(), after(a, 2), after(b, 2)))
		x.same(len(x.getAll(a.Key, b.Key)), 2)
		x.remove(after(a, 2), after(b, 1), item("p", "never", ""))
		x.same(x.query(store.Range{Partition: "p"}), []store.Item(nil))
	})

	s.holds("Nothing at all may be written", func(x *table) {
		x.put()
		x.remove()
		x.putAll()
		x.same(x.DeleteAll(x.Context(), nil), nil)
	})

	s.holds("Of parallel writers of one version exactly one wins", func(x *table) {
		for round := range int64(3) {
			x.race(8, func(n int) error { return x.Put(x.Context(), with(after(a, round), fmt.Sprint("writer ", n))) })
			x.same(x.get(a.Key).Version, round+1)
		}
	})

	s.holds("Of parallel writers of several items exactly one wins", func(x *table) {
		for round := range int64(3) {
			x.race(8, func(n int) error {
				first, second := with(after(a, round), fmt.Sprint("writer ", n)), with(after(b, round), fmt.Sprint("writer ", n))
				if n%2 == 0 {
					first, second = second, first
				}
				return x.Put(x.Context(), first, second)
			})
			got := x.getAll(a.Key, b.Key)
			x.same(got[0].Body, got[1].Body)
		}
	})

	s.holds("A Put that is repeated after it took place is a success", func(x *table) {
		full := listedAt(expiring(a, x.in(1e9)), "due", "1")
		x.put(full)
		x.put(full)
		x.same(x.get(a.Key), new(after(full, 1)))

		x.put(with(after(full, 1), "two"), b)
		x.put(with(after(full, 1), "two"), b)
		x.same(x.getAll(a.Key, b.Key), []store.Item{with(after(full, 2), "two"), after(b, 1)})
	})

	s.holds("A Put that differs in anything is not taken for a repeat", func(x *table) {
		full := listedAt(expiring(a, x.in(1e9)), "due", "1")
		x.put(full, b)
		for _, other := range []store.Item{
			with(full, "other"), listedAt(full, "due", "2"), listedAt(full, "other", "1"), listedAt(full, "", ""),
			expiring(full, x.in(2e9)), expiring(full, time.Time{}),
		} {
			x.changed(x.Put(x.Context(), other))
			x.changed(x.Put(x.Context(), other, b))
		}
		x.changed(x.Put(x.Context(), full, item("p", "not yet there", ""))) // the call was carried out in part, without this item
		x.same(len(x.query(store.Range{Partition: "p"})), 2)
	})

	s.holds("A Put that is repeated after another one is not a success", func(x *table) {
		x.put(a)
		x.put(with(after(a, 1), "other"))
		x.changed(x.Put(x.Context(), a))
	})

	s.holds("A Delete that is repeated after it took place is a success", func(x *table) {
		x.put(a, b)
		x.remove(after(a, 1))
		x.remove(after(a, 1))
		x.remove(after(a, 1), after(b, 1))
		x.remove(after(a, 1), after(b, 1))
		x.put(a)
		x.same(x.get(a.Key), new(after(a, 1)))
	})

	s.holds("PutAll and DeleteAll ask for no version", func(x *table) {
		x.put(a)
		x.put(after(a, 1))
		x.putAll(with(a, "first"), with(after(b, 6), "b"), with(a, "last"))
		x.same(x.getAll(a.Key, b.Key), []store.Item{with(after(a, 1), "last"), with(after(b, 7), "b")})
		if err := x.DeleteAll(x.Context(), []store.Key{a.Key, a.Key, {Partition: "p", Sort: "never"}}); err != nil {
			x.Fatal(err)
		}
		x.same(x.query(store.Range{Partition: "p"}), []store.Item{with(after(b, 7), "b")})
	})

	s.holds("A Put or Delete takes each item once and at most ten", func(x *table) {
		var eleven []store.Item
		for n := range store.MaxPut + 1 {
			eleven = append(eleven, item("p", fmt.Sprint(Canary, n), Canary))
		}
		twice := []store.Item{item("p", Canary, "1"), item("p", Canary, "2")}
		for _, items := range [][]store.Item{eleven, twice} {
			x.fails(x.Put(x.Context(), items...), fault.Store)
			x.fails(x.Delete(x.Context(), items...), fault.Store)
		}
		x.same(x.query(store.Range{Partition: "p"}), []store.Item(nil))
		x.put(eleven[:store.MaxPut]...)
		x.same(len(x.query(store.Range{Partition: "p"})), store.MaxPut)
	})
}

// race runs writers at the same time. It asserts that one succeeds, and that the others fail because of a change.
func (x *table) race(n int, write func(n int) error) {
	x.Helper()
	results := make([]error, n)
	var writers sync.WaitGroup
	for i := range n {
		writers.Go(func() { results[i] = write(i) })
	}
	writers.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, store.ErrChanged) {
			x.Errorf("a writer that lost: %v", err)
		}
	}
	if won != 1 {
		x.Fatalf("%d writers won", won)
	}
}
