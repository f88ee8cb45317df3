package tabletest

import (
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func keys(s *suite) {
	s.holds("The longest keys are kept", func(x *table) {
		i := listedAt(item(strings.Repeat("p", 2048), strings.Repeat("s", 1024), ""), strings.Repeat("i", 2048), strings.Repeat("é", 512))
		x.put(i)
		x.same(x.get(i.Key), new(after(i, 1)))
		x.same(x.list(i.Listed.Index, "", 1), []store.Entry{{Sort: i.Listed.Sort, Key: i.Key}})
	})

	s.holds("A key that not every table can keep is refused everywhere", func(x *table) {
		good := item("p", "s", Canary)
		for _, bad := range []store.Item{
			item("", "s", ""), item("p", "", ""),
			item(Canary+"\x00", "s", ""), item("p", Canary+"\x00", ""),
			item(Canary+"\xff", "s", ""), item("p", Canary+"\xff", ""),
			item(strings.Repeat("p", 2049), "s", ""), item("p", strings.Repeat("s", 1025), ""),
		} {
			for _, err := range []error{
				x.Put(x.Context(), bad), x.Put(x.Context(), good, bad), x.PutAll(x.Context(), []store.Item{good, bad}),
				x.Delete(x.Context(), bad), x.DeleteAll(x.Context(), []store.Key{bad.Key}),
				second(x.Get(x.Context(), bad.Key)), second(x.GetAll(x.Context(), []store.Key{good.Key, bad.Key})),
			} {
				x.fails(err, fault.Store)
			}
		}
		for _, bad := range []store.Item{
			listedAt(good, "due", ""), listedAt(good, "", "1"), listedAt(good, "due", Canary+"\x00"),
			listedAt(good, Canary+"\xff", "1"), listedAt(good, "due", strings.Repeat("s", 1025)),
			after(good, -1), expiring(good, start.AddDate(-200, 0, 0)),
		} {
			x.fails(x.Put(x.Context(), bad), fault.Store)
			x.fails(x.PutAll(x.Context(), []store.Item{bad}), fault.Store)
		}
		x.same(x.query(store.Range{Partition: "p"}), []store.Item(nil))
	})

	s.holds("A range or place that not every table can look for is refused everywhere", func(x *table) {
		for _, r := range []store.Range{
			{},
			{Partition: "p", To: Canary + "\xff"},
			{Partition: "p", From: Canary + "\x00"},
			{Partition: "p", Limit: -1},
			{Partition: "p", To: strings.Repeat("s", 1025)},
		} {
			for _, err := range x.Query(x.Context(), r) {
				x.fails(err, fault.Store)
			}
		}
		x.fails(second(x.List(x.Context(), "", "", 1)), fault.Store)
		x.fails(second(x.List(x.Context(), "due", Canary+"\xff", 1)), fault.Store)
	})
}

func second[T any](_ T, err error) error { return err }
