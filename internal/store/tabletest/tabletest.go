// Package tabletest has the contract of store.Table as tests: everything on which the access patterns of package store rely. Both
// implementations run it. Start reading at Run.
package tabletest

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// Open returns an empty table that uses the clock. The table is closed when the test ends.
type Open func(t *testing.T, now func() time.Time) store.Table

// Run runs the contract. Each sentence of it is a subtest.
func Run(t *testing.T, open Open) {
	for _, chapter := range []func(*suite){order, versions, listings, expiry, bodies, keys, many, endings, likeAMap} {
		chapter(&suite{t: t, open: open})
	}
}

// suite runs the sentences, each with a table of its own.
type suite struct {
	t    *testing.T
	open Open
}

func (s *suite) holds(sentence string, test func(*table)) {
	s.t.Run(strings.ReplaceAll(sentence, " ", "_"), func(t *testing.T) {
		t.Parallel()
		clock := testworld.NewClock(start)
		test(&table{T: t, Table: s.open(t, clock.Now), clock: clock})
	})
}

// start is far in the future. Otherwise an emulator, which has a clock of its own, would remove items as expired.
var start = time.Date(2100, 1, 1, 12, 0, 0, 0, time.UTC)

// table is the table under test. Its methods fail the test instead of returning an error.
type table struct {
	*testing.T
	store.Table
	clock *testworld.Clock
}

// in returns an instant at a distance from now.
func (x *table) in(d time.Duration) time.Time { return x.clock.Now().Add(d) }

func (x *table) pass(d time.Duration) { x.clock.Advance(d) }

func (x *table) put(items ...store.Item) {
	x.Helper()
	if err := x.Put(x.Context(), items...); err != nil {
		x.Fatal(err)
	}
}

func (x *table) putAll(items ...store.Item) {
	x.Helper()
	if err := x.PutAll(x.Context(), items); err != nil {
		x.Fatal(err)
	}
}

func (x *table) remove(items ...store.Item) {
	x.Helper()
	if err := x.Delete(x.Context(), items...); err != nil {
		x.Fatal(err)
	}
}

func (x *table) get(key store.Key) *store.Item {
	x.Helper()
	item, err := x.Get(x.Context(), key)
	if err != nil {
		x.Fatal(err)
	}
	return item
}

func (x *table) getAll(keys ...store.Key) []store.Item {
	x.Helper()
	items, err := x.GetAll(x.Context(), keys)
	if err != nil {
		x.Fatal(err)
	}
	slices.SortFunc(items, func(a, b store.Item) int { return compare(a.Key, b.Key) })
	return items
}

func (x *table) query(r store.Range) []store.Item {
	x.Helper()
	var items []store.Item
	for item, err := range x.Query(x.Context(), r) {
		if err != nil {
			x.Fatal(err)
		}
		items = append(items, item)
	}
	return items
}

func (x *table) list(index, after string, limit int) []store.Entry {
	x.Helper()
	entries, err := x.List(x.Context(), index, after, limit)
	if err != nil {
		x.Fatal(err)
	}
	return entries
}

// changed asserts that a write was refused because an item has another version.
func (x *table) changed(err error) {
	x.Helper()
	if !errors.Is(err, store.ErrChanged) {
		x.Fatalf("got %v, want ErrChanged", err)
	}
}

// fails asserts an error with a code, whose text shows nothing of the items.
func (x *table) fails(err error, code fault.Code) {
	x.Helper()
	if !fault.Is(err, code) {
		x.Fatalf("got %v, want %s", err, code)
	}
	if strings.Contains(err.Error(), Canary) {
		x.Errorf("the error shows what was to be stored: %v", err)
	}
}

// same compares two values. An empty value equals nil.
func (x *table) same(got, want any) {
	x.Helper()
	if diff := cmp.Diff(want, got, bytewise, emptyIsNil); diff != "" {
		x.Errorf("-want +got\n%.4000s", diff)
	}
}

var (
	bytewise   = cmp.Comparer(bytes.Equal) // element by element takes minutes
	emptyIsNil = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().Type() != reflect.TypeFor[[]byte]() }, cmpopts.EquateEmpty())
)

// Canary is a text in the items. No error may show it.
const Canary = "Canary"

// item returns an item with version 0, which was not written yet.
func item(partition, sort, body string) store.Item {
	return store.Item{Key: store.Key{Partition: partition, Sort: sort}, Body: []byte(body)}
}

func listedAt(i store.Item, index, sort string) store.Item {
	i.Listed = store.Listing{Index: index, Sort: sort}
	return i
}

func expiring(i store.Item, at time.Time) store.Item {
	i.Expires = at
	return i
}

// after returns the item as a table returns it after a write, at a version.
func after(i store.Item, version int64) store.Item {
	i.Version = version
	return i
}

func with(i store.Item, body string) store.Item {
	i.Body = []byte(body)
	return i
}

func sorts(items []store.Item) []string {
	var sorts []string
	for _, i := range items {
		sorts = append(sorts, i.Sort)
	}
	return sorts
}

func compare(a, b store.Key) int {
	if c := strings.Compare(a.Partition, b.Partition); c != 0 {
		return c
	}
	return strings.Compare(a.Sort, b.Sort)
}
