package store

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Key is where an item lies. The items of one partition are ordered by the bytes of Sort.
type Key struct{ Partition, Sort string }

// Item is what lies under a key.
type Item struct {
	Key

	// Version counts the item's writes. It is what Put and Delete compare with; 0: the item is not there yet.
	Version int64

	Body []byte

	// Listed puts the item into an index: List returns it there. The zero value lists it nowhere.
	Listed Listing

	// Expires is when the item ceases to be there; zero: never. Whole seconds.
	Expires time.Time
}

// Listing is an item's place in an index.
type Listing struct{ Index, Sort string }

// Range selects items of one partition by their sort keys, both ends included.
type Range struct {
	Partition, From, To string
	NewestFirst         bool // from To down to From
	Limit               int  // 0: all
}

// ErrChanged says that an item is not at the version that a write took it to be at. Nothing was written.
var ErrChanged = errors.New("the item has changed meanwhile")

// Table is a small ordered store of items: what DynamoDB and bbolt have in common. Each implementation passes the
// tests of the package tabletest.
//
// Every other error is a *connector.Error of CodeStore. After one, a write may or may not have taken place; Put and
// Delete may be repeated then, and find their own earlier write to be a success. An item is at most MaxBody long.
type Table interface {
	// Get returns the item under a key, nil when there is none. It sees every write that has ended before.
	Get(ctx context.Context, key Key) (*Item, error)

	// GetAll returns those of the items that are there, in any order.
	GetAll(ctx context.Context, keys []Key) ([]Item, error)

	// Query yields the items of a range in their order. It stops after the first error.
	Query(ctx context.Context, r Range) iter.Seq2[Item, error]

	// List returns up to limit keys of an index whose place there is behind after, in their order. Fewer than limit
	// are the end. It may miss what was written in the last second.
	List(ctx context.Context, index, after string, limit int) ([]Entry, error)

	// Put writes all of the items (at most 10) or none. Each must still be at its Version, and is at the next one then.
	Put(ctx context.Context, items ...Item) error

	// Delete removes all of the items (at most 10), each still at its Version, or none.
	Delete(ctx context.Context, items ...Item) error

	// PutAll writes any number of items whatever is there, without regard to versions. An error may leave some written.
	PutAll(ctx context.Context, items []Item) error

	// DeleteAll removes whatever is under the keys. An error may leave some there.
	DeleteAll(ctx context.Context, keys []Key) error
}

// Entry is an item's place in an index with its key.
type Entry struct {
	Sort string
	Key  Key
}

// MaxBody is the most an item may hold. DynamoDB takes 400 KB with keys and names.
const MaxBody = 380 << 10
