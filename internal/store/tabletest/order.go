package tabletest

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// ordered has sort keys in the order of their bytes. This differs from the order of every language, and of UTF-16.
var ordered = []string{"!", "#", "#1", "0", "10", "2", "A", "Z", "a", "a#", "a#1", "a-", "a0", "ab", "b", "~", "\x7f", "é", "€", "\ufffd", "😀"}

func order(s *suite) {
	filled := func(x *table) {
		var items []store.Item
		for _, sort := range ordered {
			items = append(items, item("p", sort, sort), item("p#", sort, ""), item("pp", sort, ""), item("o", sort, ""))
		}
		slices.Reverse(items)
		x.putAll(items...)
	}

	s.holds("A query yields one partition in the order of the bytes of its sort keys", func(x *table) {
		filled(x)
		got := x.query(store.Range{Partition: "p"})
		x.same(sorts(got), ordered)
		for _, i := range got {
			x.same(i, after(item("p", i.Sort, i.Sort), 1))
		}
	})

	s.holds("Newest first is the other way round", func(x *table) {
		filled(x)
		reversed := slices.Clone(ordered)
		slices.Reverse(reversed)
		x.same(sorts(x.query(store.Range{Partition: "p", NewestFirst: true})), reversed)
		x.same(sorts(x.query(store.Range{Partition: "p", From: "a", To: "b", NewestFirst: true, Limit: 2})), []string{"b", "ab"})
	})

	s.holds("A range holds both of its ends and need not name an item", func(x *table) {
		filled(x)
		for _, tt := range []struct {
			r    store.Range
			want []string
		}{
			{store.Range{From: "a", To: "b"}, []string{"a", "a#", "a#1", "a-", "a0", "ab", "b"}},
			{store.Range{From: "a#", To: "a#~"}, []string{"a#", "a#1"}},
			{store.Range{From: "1", To: "1"}, nil},
			{store.Range{From: "10", To: "10"}, []string{"10"}},
			{store.Range{To: "#1"}, []string{"!", "#", "#1"}},
			{store.Range{From: "\ufffd"}, []string{"\ufffd", "😀"}},
			{store.Range{From: "b", To: "a"}, nil},
			{store.Range{From: "\U0010ffff"}, nil},
		} {
			tt.r.Partition = "p"
			x.same(sorts(x.query(tt.r)), tt.want)
			slices.Reverse(tt.want)
			tt.r.NewestFirst = true
			x.same(sorts(x.query(tt.r)), tt.want)
		}
	})

	s.holds("A query ends at its limit", func(x *table) {
		filled(x)
		x.same(sorts(x.query(store.Range{Partition: "p", Limit: 3})), ordered[:3])
		x.same(sorts(x.query(store.Range{Partition: "p", Limit: 1000})), ordered)
		x.same(sorts(x.query(store.Range{Partition: "p", NewestFirst: true, Limit: 1})), ordered[len(ordered)-1:])
	})

	s.holds("What is not there is nil, and an empty range yields nothing", func(x *table) {
		x.put(item("p", "b", ""))
		x.same(x.get(store.Key{Partition: "p", Sort: "a"}), (*store.Item)(nil))
		x.same(x.get(store.Key{Partition: "o", Sort: "b"}), (*store.Item)(nil))
		x.same(x.query(store.Range{Partition: "o"}), []store.Item(nil))
		x.same(x.getAll(store.Key{Partition: "p", Sort: "a"}), []store.Item(nil))
		x.same(x.getAll(), []store.Item(nil))
	})

	s.holds("GetAll returns what is there, each once, however often it is asked for", func(x *table) {
		filled(x)
		a, b, none := item("p", "a", "a"), item("o", "b", ""), store.Key{Partition: "o", Sort: "none"}
		x.same(x.getAll(a.Key, none, b.Key, a.Key, none), []store.Item{after(b, 1), after(a, 1)})
	})

	s.holds("A query may be left early, and written beside", func(x *table) {
		filled(x)
		for i, err := range x.Query(x.Context(), store.Range{Partition: "p"}) {
			if err != nil {
				x.Fatal(err)
			}
			x.put(with(i, "seen"))
			if i.Sort == "0" {
				break
			}
		}
		x.same(string(x.get(store.Key{Partition: "p", Sort: "0"}).Body), "seen")
		x.same(string(x.get(store.Key{Partition: "p", Sort: "10"}).Body), "10")
	})
}
