package store

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Key is where an item lies. The items of one partition are ordered by the bytes of Sort. Both are UTF-8 without NUL
// and not empty; a partition is at most 2,048 bytes long, a sort key 1,024.
type Key struct{ Partition, Sort string }

// Item is what lies under a key.
type Item struct {
	Key

	// Version counts the item's writes. It is what Put and Delete compare with; 0: the item is not there yet. A write
	// leaves the item at the next one.
	Version int64

	Body []byte

	// Listed puts the item into an index: List returns it there. The zero value lists it nowhere.
	Listed Listing

	// Expires is when the item ceases to be there; zero: never. Whole seconds; a fraction is cut off.
	Expires time.Time
}

// Expired reports whether the item has ceased to be there. A table may still hold it.
func (i Item) Expired(now time.Time) bool {
	return !i.Expires.IsZero() && now.Unix() >= i.Expires.Unix()
}

// Listing is an item's place in an index. No two items of an index may have the same Sort: List goes on behind a Sort.
// The limits are those of a Key.
type Listing struct{ Index, Sort string }

// Range selects items of one partition by their sort keys, both ends included. An empty From is the first item, an
// empty To the last one.
type Range struct {
	Partition, From, To string
	NewestFirst         bool // from To down to From
	Limit               int  // 0: all
}

// ErrChanged says that an item is not at the version that a write took it to be at: nothing was written. After a write
// whose answer was lost, it may also say that the write took place and another one came after it.
var ErrChanged = errors.New("the item has changed meanwhile")

// Table is a small ordered store of items: what DynamoDB and bbolt have in common. Each implementation passes the
// tests of the package tabletest.
//
// Every other error is a *fault.Error of fault.Store, or of fault.OutOfTime when the context has ended. After one, a
// write may or may not have taken place; Put and Delete may be repeated then, and find their own earlier write to be a
// success. They know it by its content: of two writers who put the very same item, both succeed, so what only one may
// win, such as a lease, has to name its holder. A body is at most MaxBody long.
type Table interface {
	// Get returns the item under a key, nil when there is none. It sees every write that has ended before.
	Get(ctx context.Context, key Key) (*Item, error)

	// GetAll returns those of the items that are there, in any order.
	GetAll(ctx context.Context, keys []Key) ([]Item, error)

	// Query yields the items of a range in their order, read as they are consumed: it may meet writes that came after
	// its start. It stops after the first error.
	Query(ctx context.Context, r Range) iter.Seq2[Item, error]

	// List returns up to limit keys of an index whose place there is behind after, in their order. Fewer than limit
	// are the end. It may miss what was written in the last second, and name what has gone or expired.
	List(ctx context.Context, index, after string, limit int) ([]Entry, error)

	// Put writes all of the items (at most MaxPut, no key twice) or none. Each must still be at its Version, and is at
	// the next one then.
	Put(ctx context.Context, items ...Item) error

	// Delete removes all of the items (at most MaxPut, no key twice), each still at its Version, or none. An item that
	// is not there counts as removed.
	Delete(ctx context.Context, items ...Item) error

	// PutAll writes any number of items whatever is there: each is at the Version after its own then, whatever it was
	// at. Of items with one key, the last is written. An error may leave some written.
	PutAll(ctx context.Context, items []Item) error

	// DeleteAll removes whatever is under the keys. An error may leave some there.
	DeleteAll(ctx context.Context, keys []Key) error
}

// Entry is an item's place in an index with its key.
type Entry struct {
	Sort string
	Key  Key
}

// The limits of one item and of one Put or Delete. DynamoDB takes 400 KB with keys and names.
const (
	MaxBody = 380 << 10 // bytes
	MaxPut  = 10        // items
)
