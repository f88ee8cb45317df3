package testworld

import (
	"context"
	"iter"
	"sync/atomic"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// Reads is a table that counts the bytes that are read from it.
type Reads struct {
	store.Table
	Bytes atomic.Int64
}

func (r *Reads) count(item *store.Item) {
	r.Bytes.Add(int64(len(item.Partition) + len(item.Sort) + len(item.Body)))
}

// Get implements store.Table.
func (r *Reads) Get(ctx context.Context, key store.Key) (*store.Item, error) {
	item, err := r.Table.Get(ctx, key)
	if item != nil {
		r.count(item)
	}
	return item, err
}

// GetAll implements store.Table.
func (r *Reads) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	items, err := r.Table.GetAll(ctx, keys)
	for i := range items {
		r.count(&items[i])
	}
	return items, err
}

// Query implements store.Table.
func (r *Reads) Query(ctx context.Context, of store.Range) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for item, err := range r.Table.Query(ctx, of) {
			r.count(&item)
			if !yield(item, err) {
				return
			}
		}
	}
}
