package tabletest

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

func many(s *suite) {
	s.holds("Thousands of items are written, read and removed", func(x *table) {
		var items []store.Item
		var keys []store.Key
		for n := range 1500 {
			i := item("p", fmt.Sprintf("%05d", n), strings.Repeat(fmt.Sprint(n), 400))
			items, keys = append(items, i), append(keys, i.Key)
		}
		x.putAll(items...)
		for n := range items {
			items[n].Version = 1
		}
		x.same(x.query(store.Range{Partition: "p"}), items)
		x.same(x.getAll(append(keys[:250:250], store.Key{Partition: "p", Sort: "none"})...), items[:250])

		backwards := x.query(store.Range{Partition: "p", NewestFirst: true, Limit: 1250})
		slices.Reverse(backwards)
		x.same(backwards, items[250:])

		if err := x.DeleteAll(x.Context(), keys[10:]); err != nil {
			x.Fatal(err)
		}
		x.same(x.query(store.Range{Partition: "p"}), items[:10])
	})

	s.holds("Many of the longest bodies are written and read", func(x *table) {
		var items []store.Item
		var keys []store.Key
		body := longest()
		for n := range 45 { // more than DynamoDB reads at once
			i := store.Item{Key: store.Key{Partition: "p", Sort: fmt.Sprintf("%05d", n)}, Body: body}
			items, keys = append(items, i), append(keys, i.Key)
		}
		x.putAll(items...)
		x.same(len(x.query(store.Range{Partition: "p"})), len(items))
		x.same(len(x.getAll(keys...)), len(items))
	})
}
