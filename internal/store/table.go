package store

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Key identifies an item. The items of one partition are ordered by the bytes of Sort. Both parts are UTF-8 without NUL and not
// empty. A partition has at most 2,048 bytes, and a sort key at most 1,024.
type Key struct{ Partition, Sort string }

// Item is an item with its key.
type Item struct {
	Key

	// Version counts the item's writes. Put and Delete compare it with the stored version. 0 means that the item does not exist
	// yet. A write leaves the item at the next version.
	Version int64

	Body []byte

	// Listed puts the item into an index, where List finds it. The zero value puts it into no index.
	Listed Listing

	// Expires is the time at which the item ceases to exist, in whole seconds. Zero means never. A fraction is cut off.
	Expires time.Time
}

// Expired reports whether the item has expired. A table may still hold it.
func (i Item) Expired(now time.Time) bool {
	return !i.Expires.IsZero() && now.Unix() >= i.Expires.Unix()
}

// Listing is an item's place in an index. No two items of an index may have the same Sort, because List continues after a Sort. The
// limits are those of a Key.
type Listing struct{ Index, Sort string }

// Range selects items of one partition by their sort keys, both ends included. An empty From stands for the first item, and an
// empty To for the last.
type Range struct {
	Partition, From, To string
	NewestFirst         bool // backwards, from To to From
	Limit               int  // 0 means all
	MayLag              bool // the answer may miss writes of the last second
}

// ErrChanged says that an item does not have the version that a write expected, so nothing was written. If the answer to a write was
// lost, it may also mean that the write succeeded and another one followed.
var ErrChanged = errors.New("the item has changed meanwhile")

// Table is a small ordered store of items, with what DynamoDB and bbolt have in common. Each implementation passes the tests of
// package tabletest. A body has at most MaxBody bytes.
//
// Errors other than ErrChanged are *fault.Errors with the code fault.Store, or fault.OutOfTime if the context has ended. After such
// an error, a write may have succeeded or not. Put and Delete may then be repeated: they recognise their own earlier write by its
// content and count it as a success. So if two writers put the very same item, both succeed. An item that only one may win, such
// as a lease, must name its holder.
type Table interface {
	// Get returns the item of a key, or nil if there is none. It sees every write that ended before.
	Get(ctx context.Context, key Key) (*Item, error)

	// GetAll returns the items that exist, in any order.
	GetAll(ctx context.Context, keys []Key) ([]Item, error)

	// Query yields the items of a range in their order. It sees every write that ended before, unless the range may lag. It reads the
	// items while they are consumed, so it may see writes that came after its start. It stops after the first error.
	Query(ctx context.Context, r Range) iter.Seq2[Item, error]

	// List returns up to limit keys of an index after a place, in their order. Fewer than limit mean the end. It may miss writes of the
	// last second, and return keys of items that are gone or expired.
	List(ctx context.Context, index, after string, limit int) ([]Entry, error)

	// Put writes all items (at most MaxPut, no key twice) or none. Each stored item must still have the given Version. After the write
	// it has the next one.
	Put(ctx context.Context, items ...Item) error

	// Delete removes all items (at most MaxPut, no key twice) or none. Each stored item must still have the given Version. An item that
	// does not exist counts as removed.
	Delete(ctx context.Context, items ...Item) error

	// PutAll writes any number of items without comparing versions. Each then has the version after its own. If items have the same
	// key, the last is written. After an error, some may have been written.
	PutAll(ctx context.Context, items []Item) error

	// DeleteAll removes the items of the keys without comparing versions. After an error, some may remain.
	DeleteAll(ctx context.Context, keys []Key) error
}

// Entry is a key with its place in an index.
type Entry struct {
	Sort string
	Key  Key
}

// The limits of one item and of one Put or Delete. DynamoDB takes 400 KB with keys and names.
const (
	MaxBody = 380 << 10 // bytes
	MaxPut  = 10        // items
)
