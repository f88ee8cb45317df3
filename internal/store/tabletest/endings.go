package tabletest

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func endings(s *suite) {
	s.holds("Nothing is done when the context has ended", func(x *table) {
		canceled, cancel := context.WithCancel(x.Context())
		cancel()
		late, cancel := context.WithDeadline(x.Context(), time.Unix(0, 0))
		defer cancel()
		for _, ctx := range []context.Context{canceled, late} {
			for _, err := range Everything(ctx, x.Table) {
				x.fails(err, fault.OutOfTime)
			}
		}
		x.same(x.query(store.Range{Partition: "p"}), []store.Item(nil))
	})

	s.holds("A query stops where its context ends", func(x *table) {
		body := longest()
		for _, sort := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
			x.put(item("p", sort, string(body)))
		}
		ctx, cancel := context.WithCancel(x.Context())
		defer cancel()
		var failures int
		for _, err := range x.Query(ctx, store.Range{Partition: "p"}) {
			cancel()
			if err != nil {
				x.fails(err, fault.OutOfTime)
				failures++
			}
		}
		x.same(failures, 1)
	})
}

// Everything calls every method of a table on which no call can succeed, and returns the errors. The items contain Canary.
func Everything(ctx context.Context, table store.Table) []error {
	a, b := item("p", Canary+"a", Canary), item("p", Canary+"b", Canary)
	var queried error
	for _, err := range table.Query(ctx, store.Range{Partition: "p"}) {
		queried = err
	}
	return []error{
		second(table.Get(ctx, a.Key)),
		second(table.GetAll(ctx, []store.Key{a.Key, b.Key})),
		queried,
		second(table.List(ctx, "due", "", 1)),
		table.Put(ctx, a),
		table.Put(ctx, a, b),
		table.Delete(ctx, a),
		table.Delete(ctx, a, b),
		table.PutAll(ctx, []store.Item{a, b}),
		table.DeleteAll(ctx, []store.Key{a.Key, b.Key}),
	}
}
