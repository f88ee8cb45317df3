package bolt

import (
	"context"

	bolt "go.etcd.io/bbolt"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

const (
	batchBytes = 1 << 20 // about how much one transaction of PutAll writes; all of it is in memory until the end
	batchItems = 1000    // the most items of one transaction of PutAll or DeleteAll
)

// Put implements store.Table.
func (t *Table) Put(ctx context.Context, items ...store.Item) error {
	if err := store.CheckWrite(items); err != nil {
		return failed("write items", err)
	}
	return t.update(ctx, "write items", func(tx *bolt.Tx) error {
		current, landed := true, true
		for _, item := range items {
			stored, err := load(tx, item.Key)
			if err != nil {
				return err
			}
			same := t.version(stored) == item.Version
			current = current && same
			// An expired item leaves no trace, so nobody can tell whether it was written.
			landed = landed && (stored != nil && item.Becomes(*stored) || same && item.Expired(t.now()))
		}
		switch {
		case landed:
			return nil
		case !current:
			return store.ErrChanged
		}
		return putAll(tx, items)
	})
}

// Delete implements store.Table.
func (t *Table) Delete(ctx context.Context, items ...store.Item) error {
	if err := store.CheckWrite(items); err != nil {
		return failed("remove items", err)
	}
	return t.update(ctx, "remove items", func(tx *bolt.Tx) error {
		for _, item := range items {
			stored, err := load(tx, item.Key)
			if err != nil {
				return err
			}
			if version := t.version(stored); version != 0 && version != item.Version {
				return store.ErrChanged
			}
		}
		for _, item := range items {
			if err := remove(tx, item.Key); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutAll implements store.Table.
func (t *Table) PutAll(ctx context.Context, items []store.Item) error {
	for _, item := range items {
		if err := item.Check(); err != nil {
			return failed("write items", err)
		}
	}
	for len(items) > 0 {
		n, size := 0, 0
		for n < min(len(items), batchItems) && size < batchBytes {
			size += len(items[n].Body)
			n++
		}
		if err := t.update(ctx, "write items", func(tx *bolt.Tx) error { return putAll(tx, items[:n]) }); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// DeleteAll implements store.Table.
func (t *Table) DeleteAll(ctx context.Context, keys []store.Key) error {
	for _, key := range keys {
		if err := key.Check(); err != nil {
			return failed("remove items", err)
		}
	}
	for len(keys) > 0 {
		n := min(len(keys), batchItems)
		err := t.update(ctx, "remove items", func(tx *bolt.Tx) error {
			for _, key := range keys[:n] {
				if err := remove(tx, key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// update runs write in a transaction that also removes some expired items.
func (t *Table) update(ctx context.Context, op string, write func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return failed(op, err)
	}
	err := guarded(func() error {
		return t.db.Update(func(tx *bolt.Tx) error {
			if err := write(tx); err != nil {
				return err
			}
			_, err := sweep(tx, t.now(), 100)
			return err
		})
	})
	if err != nil && err != store.ErrChanged { //nolint:errorlint // nothing wraps it on the way here
		return failed(op, err)
	}
	return err
}

// version returns the version with which a write is compared: 0 if there is no item, or if it has expired.
func (t *Table) version(stored *store.Item) int64 {
	if stored == nil || stored.Expired(t.now()) {
		return 0
	}
	return stored.Version
}
