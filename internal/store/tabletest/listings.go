package tabletest

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

func listings(s *suite) {
	entry := func(sort string, i store.Item) store.Entry { return store.Entry{Sort: sort, Key: i.Key} }
	a, b := item("p", "a", ""), item("q", "b", "")

	s.holds("An index lists the items that name it, in the order of their places there", func(x *table) {
		x.putAll(
			listedAt(item("p", "1", ""), "due", "z"), listedAt(item("p", "2", ""), "due", "a#1"),
			listedAt(item("q", "3", ""), "due", "a"), listedAt(item("q", "4", ""), "due", "a0"),
			listedAt(item("p", "5", ""), "du", "b"), listedAt(item("p", "6", ""), "due#", "b"), item("p", "7", ""),
		)
		x.same(x.list("due", "", 10), []store.Entry{
			entry("a", item("q", "3", "")), entry("a#1", item("p", "2", "")), entry("a0", item("q", "4", "")), entry("z", item("p", "1", "")),
		})
		x.same(x.list("du", "", 10), []store.Entry{entry("b", item("p", "5", ""))})
		x.same(x.list("nothing", "", 10), []store.Entry(nil))
	})

	s.holds("A place in an index moves and goes with its item", func(x *table) {
		x.put(listedAt(a, "due", "1"), listedAt(b, "due", "2"))
		x.put(listedAt(after(a, 1), "due", "3"))
		x.same(x.list("due", "", 10), []store.Entry{entry("2", b), entry("3", a)})
		x.put(listedAt(after(a, 2), "done", "3"))
		x.same(x.list("due", "", 10), []store.Entry{entry("2", b)})
		x.same(x.list("done", "", 10), []store.Entry{entry("3", a)})
		x.put(after(a, 3))
		x.same(x.list("done", "", 10), []store.Entry(nil))
		x.same(x.get(a.Key), new(after(a, 4)))
		x.remove(after(b, 1))
		x.same(x.list("due", "", 10), []store.Entry(nil))

		x.putAll(listedAt(a, "due", "1"), listedAt(b, "due", "2"))
		x.putAll(a)
		x.same(x.list("due", "", 10), []store.Entry{entry("2", b)})
		if err := x.DeleteAll(x.Context(), []store.Key{b.Key}); err != nil {
			x.Fatal(err)
		}
		x.same(x.list("due", "", 10), []store.Entry(nil))
	})

	s.holds("An index is read page by page, and a short page is the end", func(x *table) {
		var items []store.Item
		var want []store.Entry
		for n := range 25 {
			i := listedAt(item(fmt.Sprint("p", n%3), fmt.Sprint(n), ""), "due", fmt.Sprintf("t/%02d", n))
			items, want = append(items, i), append(want, entry(i.Listed.Sort, i))
		}
		x.putAll(items...)
		for _, limit := range []int{1, 5, 7, 25, 100} {
			var got []store.Entry
			for at := ""; ; {
				page := x.list("due", at, limit)
				got = append(got, page...)
				if len(page) < limit {
					break
				}
				at = page[len(page)-1].Sort
			}
			x.same(got, want)
		}
		x.same(x.list("due", "t/2", 1), want[20:21]) // no item has this sort key
		x.same(x.list("due", "", 0), []store.Entry(nil))
	})

	s.holds("A write that is refused moves nothing in an index", func(x *table) {
		x.put(listedAt(a, "due", "1"))
		x.changed(x.Put(x.Context(), listedAt(after(a, 7), "due", "9")))
		x.changed(x.Put(x.Context(), listedAt(after(a, 1), "due", "9"), listedAt(after(b, 7), "due", "8")))
		x.same(x.list("due", "", 10), []store.Entry{entry("1", a)})
	})
}
