package testworld

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// Reads is a table that counts what is read from it.
type Reads struct {
	store.Table
	Bytes   atomic.Int64
	longest atomic.Int64 // bytes of one query

	mu   sync.Mutex
	asks []func(context.Context) error // what was read, to be read again
}

// count counts an item, and returns its bytes.
func (r *Reads) count(item *store.Item) int64 {
	n := int64(len(item.Partition) + len(item.Sort) + len(item.Body))
	r.Bytes.Add(n)
	return n
}

func (r *Reads) asked(again func(context.Context) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asks = append(r.asks, again)
}

// Get implements store.Table.
func (r *Reads) Get(ctx context.Context, key store.Key) (*store.Item, error) {
	r.asked(func(ctx context.Context) error { _, err := r.Table.Get(ctx, key); return err })
	item, err := r.Table.Get(ctx, key)
	if item != nil {
		r.count(item)
	}
	return item, err
}

// GetAll implements store.Table.
func (r *Reads) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	r.asked(func(ctx context.Context) error { _, err := r.Table.GetAll(ctx, keys); return err })
	items, err := r.Table.GetAll(ctx, keys)
	for i := range items {
		r.count(&items[i])
	}
	return items, err
}

// Query implements store.Table.
func (r *Reads) Query(ctx context.Context, of store.Range) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		taken, bytes := 0, int64(0)
		defer func() { r.asked(func(ctx context.Context) error { return r.again(ctx, of, taken) }) }()
		for item, err := range r.Table.Query(ctx, of) {
			taken++
			bytes += r.count(&item)
			if longest := r.longest.Load(); bytes > longest {
				r.longest.CompareAndSwap(longest, bytes)
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// again reads the first items of a range.
func (r *Reads) again(ctx context.Context, of store.Range, many int) error {
	for _, err := range r.Table.Query(ctx, of) {
		if many--; err != nil || many <= 0 {
			return err
		}
	}
	return nil
}

// Beside measures work, which reads from the table, beside these reads alone. It also reports how much is read. KB-query is the
// longest query: more than 1,000 take DynamoDB a second round.
func (r *Reads) Beside(b *testing.B, work func()) {
	b.Helper()
	var worked, referred time.Duration
	rounds, before := 0, r.Bytes.Load()
	r.longest.Store(0)
	for b.Loop() {
		r.asks = nil
		worked += spent(b, work)
		referred += spent(b, func() {
			for _, again := range r.asks {
				if err := again(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
		rounds++
	}
	ReportBeside(b, "its-reads", worked, referred, rounds)
	b.ReportMetric(float64(r.Bytes.Load()-before)/1e6/float64(rounds), "MB-read")
	b.ReportMetric(float64(r.longest.Load())/1e3, "KB-query")
}
