package tabletest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

func likeAMap(s *suite) {
	s.holds("Whatever is done to it in whatever order it answers as a map would", func(x *table) {
		round := 0
		rapid.Check(x.T, func(t *rapid.T) {
			round++
			m := &model{table: x, name: fmt.Sprintf("%d/", round), items: map[store.Key]store.Item{}}
			t.Repeat(map[string]func(*rapid.T){
				"put": m.put, "repeat": m.repeat, "delete": m.delete, "putAll": m.putAll, "deleteAll": m.deleteAll,
				"getAll": m.getAll, "query": m.query, "list": m.list, "pass": m.pass,
			})
		})
	})
}

// model has the items that a table should have. It uses partitions and an index of its own.
type model struct {
	*table
	name    string
	items   map[store.Key]store.Item
	written int
	last    []store.Item // of the last Put that succeeded
}

// live returns the item of a key. Its version is 0 if there is none.
func (m *model) live(key store.Key) store.Item {
	i := m.items[key]
	if !i.Expires.IsZero() && !m.clock.Now().Before(i.Expires) {
		return store.Item{}
	}
	return i
}

func (m *model) key(t *rapid.T) store.Key {
	return store.Key{
		Partition: m.name + rapid.SampledFrom([]string{"p", "p#"}).Draw(t, "partition"),
		Sort:      rapid.SampledFrom([]string{"a", "a#", "a0", "é"}).Draw(t, "sort"),
	}
}

func (m *model) keys(t *rapid.T) []store.Key {
	return rapid.SliceOfNDistinct(rapid.Custom(m.key), 1, 3, rapid.ID).Draw(t, "keys")
}

// draw returns an item that was never written before. Mostly it has the version of the stored item.
func (m *model) draw(t *rapid.T, key store.Key) store.Item {
	m.written++
	i := store.Item{Key: key, Version: m.live(key).Version, Body: fmt.Append(nil, m.written)}
	if rapid.IntRange(0, 4).Draw(t, "stale") == 0 {
		i.Version = rapid.Int64Range(0, 3).Draw(t, "version")
	}
	if rapid.Bool().Draw(t, "listed") {
		i.Listed = store.Listing{Index: m.name + "due", Sort: rapid.StringMatching(`[ab]#?`).Draw(t, "place") + key.Partition + key.Sort}
	}
	if hours := rapid.IntRange(0, 3).Draw(t, "hours"); hours > 0 {
		i.Expires = m.in(time.Duration(hours) * time.Hour)
	}
	return i
}

func (m *model) put(t *rapid.T) {
	var items []store.Item
	current := true
	for _, key := range m.keys(t) {
		i := m.draw(t, key)
		items, current = append(items, i), current && i.Version == m.live(key).Version
	}
	if m.took(t, m.Put(m.Context(), items...), current) {
		m.keep(items)
		m.last = items
	}
}

func (m *model) repeat(t *rapid.T) {
	for _, i := range m.last {
		if !m.live(i.Key).Expires.Equal(i.Expires) || !i.Becomes(m.live(i.Key)) {
			t.Skip("something has come after it")
		}
	}
	m.took(t, m.Put(m.Context(), m.last...), true)
}

func (m *model) delete(t *rapid.T) {
	var items []store.Item
	current := true
	for _, key := range m.keys(t) {
		i := m.draw(t, key)
		there := m.live(key).Version
		items, current = append(items, i), current && (there == 0 || there == i.Version)
	}
	if m.took(t, m.Delete(m.Context(), items...), current) {
		for _, i := range items {
			delete(m.items, i.Key)
		}
	}
}

// took asserts that a write succeeded, or that it failed because of a change.
func (m *model) took(t *rapid.T, err error, current bool) bool {
	if current && err != nil || !current && !errors.Is(err, store.ErrChanged) {
		t.Fatalf("got %v; all at their versions: %t", err, current)
	}
	return current
}

func (m *model) putAll(t *rapid.T) {
	var items []store.Item
	for range rapid.IntRange(1, 4).Draw(t, "items") {
		items = append(items, m.draw(t, m.key(t)))
	}
	m.took(t, m.PutAll(m.Context(), items), true)
	m.keep(items)
}

func (m *model) deleteAll(t *rapid.T) {
	keys := m.keys(t)
	m.took(t, m.DeleteAll(m.Context(), keys), true)
	for _, key := range keys {
		delete(m.items, key)
	}
}

func (m *model) keep(items []store.Item) {
	for _, i := range items {
		i.Version++
		m.items[i.Key] = i
	}
}

func (m *model) pass(t *rapid.T) {
	m.table.pass(time.Duration(rapid.IntRange(1, 120).Draw(t, "minutes")) * time.Minute)
}

func (m *model) getAll(t *rapid.T) {
	var want []store.Item
	keys := m.keys(t)
	for _, key := range keys {
		if i := m.live(key); i.Version > 0 {
			want = append(want, i)
		}
		got, err := m.Get(m.Context(), key)
		if err != nil || (got != nil) != (m.live(key).Version > 0) {
			t.Fatalf("Get: %v, %v", got, err)
		}
	}
	slices.SortFunc(want, func(a, b store.Item) int { return compare(a.Key, b.Key) })
	m.same(m.table.getAll(keys...), want)
}

func (m *model) query(t *rapid.T) {
	bound := rapid.SampledFrom([]string{"", "a", "a#", "a00", "é", "z"})
	r := store.Range{
		Partition: m.key(t).Partition, From: bound.Draw(t, "from"), To: bound.Draw(t, "to"),
		NewestFirst: rapid.Bool().Draw(t, "newest first"), Limit: rapid.IntRange(0, 3).Draw(t, "limit"),
	}
	var want []store.Item
	for key := range m.items {
		if i := m.live(key); i.Version > 0 && key.Partition == r.Partition && key.Sort >= r.From && (r.To == "" || key.Sort <= r.To) {
			want = append(want, i)
		}
	}
	slices.SortFunc(want, func(a, b store.Item) int { return compare(a.Key, b.Key) })
	if r.NewestFirst {
		slices.Reverse(want)
	}
	if r.Limit > 0 {
		want = want[:min(r.Limit, len(want))]
	}
	m.same(m.table.query(r), want)
}

// list asks for all items, because an index may still contain expired ones.
func (m *model) list(*rapid.T) {
	var want []store.Entry
	for key := range m.items {
		if i := m.live(key); i.Listed.Index != "" {
			want = append(want, store.Entry{Sort: i.Listed.Sort, Key: key})
		}
	}
	slices.SortFunc(want, func(a, b store.Entry) int { return strings.Compare(a.Sort, b.Sort) })
	got := m.table.list(m.name+"due", "", 100)
	m.same(slices.DeleteFunc(got, func(e store.Entry) bool { return m.live(e.Key).Version == 0 }), want)
}
