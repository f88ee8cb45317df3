package bolt

import (
	"bytes"
	"context"
	"iter"

	bolt "go.etcd.io/bbolt"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// pageBytes is about how much of a query is in memory at a time. DynamoDB's pages have the same size.
const pageBytes = 1 << 20

// Get implements store.Table.
func (t *Table) Get(ctx context.Context, key store.Key) (*store.Item, error) {
	found, err := t.GetAll(ctx, []store.Key{key})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// GetAll implements store.Table.
func (t *Table) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	const op = "read items"
	var found []store.Item
	asked := make(map[store.Key]bool, len(keys))
	err := t.view(ctx, func(tx *bolt.Tx) error {
		for _, key := range keys {
			if asked[key] {
				continue
			}
			asked[key] = true
			if err := key.Check(); err != nil {
				return err
			}
			item, err := load(tx, key)
			if err != nil {
				return err
			}
			if item != nil && !item.Expired(t.now()) {
				found = append(found, *item)
			}
		}
		return nil
	})
	if err != nil {
		return nil, failed(op, err)
	}
	return found, nil
}

// Query implements store.Table. It reads page by page and holds no transaction between pages, because the caller may write while it
// goes through the items.
func (t *Table) Query(ctx context.Context, r store.Range) iter.Seq2[store.Item, error] {
	return store.Pages(r, t.now, func(at []byte, _ int) (page []store.Item, next []byte, more bool, err error) {
		if at == nil {
			at = start(r)
		}
		err = t.view(ctx, func(tx *bolt.Tx) (err error) {
			page, next, err = readPage(tx, r, at)
			return err
		})
		if err != nil {
			return nil, nil, false, failed("query items", err)
		}
		return page, next, next != nil, nil
	})
}

// start returns the key at which reading a range begins.
func start(r store.Range) []byte {
	switch {
	case !r.NewestFirst:
		return join(r.Partition, r.From)
	case r.To == "":
		return append([]byte(r.Partition), separator+1) // after every item of the partition
	default:
		return join(r.Partition, r.To)
	}
}

// readPage returns items of a range from a key on, and the key at which the next page begins, or nil after the last page.
func readPage(tx *bolt.Tx, r store.Range, at []byte) (page []store.Item, next []byte, err error) {
	cursor := tx.Bucket(itemsBucket).Cursor()
	step := cursor.Next
	key, value := cursor.Seek(at)
	if r.NewestFirst {
		step = cursor.Prev
		switch {
		case key == nil:
			key, value = cursor.Last()
		case !bytes.Equal(key, at):
			key, value = cursor.Prev()
		}
	}
	for size := 0; within(r, key); key, value = step() {
		if size > pageBytes {
			return page, bytes.Clone(key), nil
		}
		item, err := decode(key, value)
		if err != nil {
			return nil, nil, err
		}
		page = append(page, item)
		size += len(key) + len(value)
	}
	return page, nil, nil
}

func within(r store.Range, key []byte) bool {
	sort, ok := bytes.CutPrefix(key, join(r.Partition, ""))
	return ok && string(sort) >= r.From && (r.To == "" || string(sort) <= r.To)
}

// List implements store.Table.
func (t *Table) List(ctx context.Context, index, after string, limit int) ([]store.Entry, error) {
	const op = "list an index"
	if err := store.CheckPlace(index, after); err != nil {
		return nil, failed(op, err)
	}
	var entries []store.Entry
	err := t.view(ctx, func(tx *bolt.Tx) error {
		prefix := join(index, "")
		cursor := tx.Bucket(listedBucket).Cursor()
		for key, _ := cursor.Seek(join(index, after)); bytes.HasPrefix(key, prefix) && len(entries) < limit; key, _ = cursor.Next() {
			entry, err := decodeEntry(key[len(prefix):])
			if err != nil {
				return err
			}
			if entry.Sort > after {
				entries = append(entries, entry)
			}
		}
		return nil
	})
	if err != nil {
		return nil, failed(op, err)
	}
	return entries, nil
}

// view runs read in a transaction. read must copy every byte that it keeps, because the memory is reused after the transaction.
func (t *Table) view(ctx context.Context, read func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return guarded(func() error { return t.db.View(read) })
}
