package tabletest

import (
	"bytes"
	"math/rand/v2"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func bodies(s *suite) {
	s.holds("Bodies come back byte for byte", func(x *table) {
		everyByte := make([]byte, 256)
		for n := range everyByte {
			everyByte[n] = byte(n)
		}
		for name, body := range map[string]string{
			"empty":            "",
			"text":             `{"day":"2026-11-22","users":12}`,
			"quotes":           "\"\\/<>&'\n\r\t",
			"controls":         "\x00\x01\x1f\x7f",
			"every byte":       string(everyByte),
			"no UTF-8":         "a\xffb\xc0\x80",
			"half a surrogate": "\xed\xa0\x80",
			"beyond the plane": "\u2028\u2029\ufeff\ufffd😀é",
			"longest text":     strings.Repeat(`"\`, store.MaxBody/2),
			"longest wide":     strings.Repeat("é", store.MaxBody/2),
			"longest binary":   string(longest()),
		} {
			i := item("p", name, body)
			x.put(i)
			x.same(x.get(i.Key).Body, i.Body)
			x.putAll(item("q", name, body))
		}
		for _, i := range x.query(store.Range{Partition: "q"}) {
			x.same(i.Body, x.get(store.Key{Partition: "p", Sort: i.Sort}).Body)
		}
	})

	s.holds("Ten of the longest bodies are written at once", func(x *table) {
		var items []store.Item
		for n := range store.MaxPut {
			items = append(items, listedAt(item("p", strings.Repeat(string(rune('a'+n)), 1024), string(longest())), "due", strings.Repeat("é", 512)))
		}
		x.put(items...)
		x.same(len(x.query(store.Range{Partition: "p"})), len(items))
	})

	s.holds("A body that is too long is refused before anything is written", func(x *table) {
		long := item("p", "long", Canary+strings.Repeat("x", store.MaxBody))
		short := item("p", "short", "")
		for _, err := range []error{
			x.Put(x.Context(), long),
			x.Put(x.Context(), short, long),
			x.PutAll(x.Context(), []store.Item{short, long}),
		} {
			x.fails(err, fault.Store)
			if !strings.Contains(err.Error(), "at most 389120") {
				x.Errorf("%v: it does not tell the limit", err)
			}
		}
		x.same(x.query(store.Range{Partition: "p"}), []store.Item(nil))
	})

	s.holds("A body belongs to who holds it", func(x *table) {
		mine := item("p", "a", "body")
		x.put(mine, item("p", "long", string(longest()))) // a file stores it in another way than a small body
		mine.Body[0] = 'X'
		first := x.get(mine.Key)
		first.Body[0] = 'Y'
		got := x.query(store.Range{Partition: "p"})
		if !bytes.Equal(got[0].Body, []byte("body")) {
			x.Errorf("what is stored has changed to %q", got[0].Body)
		}
	})
}

// longest returns a body of the greatest length, which is not text.
func longest() []byte {
	body := make([]byte, store.MaxBody)
	source := rand.NewChaCha8([32]byte{1})
	_, _ = source.Read(body)
	return body
}
