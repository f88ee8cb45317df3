package tabletest

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

func expiry(s *suite) {
	a, b := item("p", "a", "a"), item("p", "b", "b")

	s.holds("What has expired is read nowhere", func(x *table) {
		short, long := expiring(a, x.in(time.Minute)), expiring(b, x.in(time.Hour))
		x.put(short, long)
		x.pass(59 * time.Second)
		x.same(x.getAll(a.Key, b.Key), []store.Item{after(short, 1), after(long, 1)})
		x.pass(time.Second)
		x.same(x.get(a.Key), (*store.Item)(nil))
		x.same(x.getAll(a.Key, b.Key), []store.Item{after(long, 1)})
		x.same(x.query(store.Range{Partition: "p"}), []store.Item{after(long, 1)})
	})

	s.holds("A query counts to its limit without what has expired", func(x *table) {
		x.put(expiring(item("p", "1", ""), x.in(time.Minute)), expiring(item("p", "2", ""), x.in(time.Minute)), a, b)
		x.pass(time.Hour)
		x.same(sorts(x.query(store.Range{Partition: "p", Limit: 1})), []string{"a"})
		x.same(sorts(x.query(store.Range{Partition: "p", Limit: 5})), []string{"a", "b"})
	})

	s.holds("What has expired is not there for a write", func(x *table) {
		short := expiring(a, x.in(time.Minute))
		x.put(short, b)
		x.pass(time.Hour)
		x.changed(x.Put(x.Context(), with(after(a, 1), "new")))
		x.changed(x.Put(x.Context(), with(after(a, 1), "new"), after(b, 1)))
		x.remove(after(a, 9))
		x.put(with(a, "new"), after(b, 1))
		x.same(x.getAll(a.Key, b.Key), []store.Item{with(after(a, 1), "new"), after(b, 2)})
	})

	s.holds("An expired item can be written anew alone", func(x *table) {
		x.put(expiring(a, x.in(time.Minute)))
		x.pass(time.Hour)
		x.put(with(a, "new"))
		x.same(x.get(a.Key), new(with(after(a, 1), "new")))
	})

	s.holds("Each write says anew when an item expires", func(x *table) {
		x.put(expiring(a, x.in(time.Minute)))
		x.put(expiring(after(a, 1), x.in(time.Hour)), expiring(b, x.in(time.Minute)))
		x.put(after(b, 1))
		x.pass(59 * time.Minute)
		x.same(sorts(x.query(store.Range{Partition: "p"})), []string{"a", "b"})
		x.pass(time.Minute)
		x.same(sorts(x.query(store.Range{Partition: "p"})), []string{"b"})
	})

	s.holds("A Put of what has expired meanwhile may be repeated", func(x *table) {
		gone := expiring(a, x.in(-time.Second))
		x.put(gone, b)
		x.put(gone, b)
		x.put(gone)
		x.same(x.query(store.Range{Partition: "p"}), []store.Item{after(b, 1)})
	})

	s.holds("An expiry is kept in whole seconds", func(x *table) {
		x.put(expiring(a, x.in(time.Minute+900*time.Millisecond)))
		x.same(x.get(a.Key).Expires, x.in(time.Minute))
	})
}
