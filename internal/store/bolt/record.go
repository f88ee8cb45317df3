package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// separator separates the parts of a key. No part contains it, and it is less than every byte of a part. So joined keys have the
// order of their parts.
const separator = 0

var errBroken = errors.New("the file holds what is no item")

func join(parts ...string) []byte {
	var joined []byte
	for i, part := range parts {
		if i > 0 {
			joined = append(joined, separator)
		}
		joined = append(joined, part...)
	}
	return joined
}

// load returns the item of a key, expired or not, or nil if there is none.
func load(tx *bolt.Tx, key store.Key) (*store.Item, error) {
	at := join(key.Partition, key.Sort)
	value := tx.Bucket(itemsBucket).Get(at)
	if value == nil {
		return nil, nil
	}
	item, err := decode(at, value)
	return &item, err
}

func putAll(tx *bolt.Tx, all []store.Item) error {
	for _, item := range all {
		if err := remove(tx, item.Key); err != nil {
			return err
		}
		item.Version++
		if err := tx.Bucket(itemsBucket).Put(join(item.Partition, item.Sort), encode(item)); err != nil {
			return err
		}
		if item.Listed != (store.Listing{}) {
			if err := tx.Bucket(listedBucket).Put(listedKey(item), nil); err != nil {
				return err
			}
		}
		if !item.Expires.IsZero() {
			if err := tx.Bucket(expiresBucket).Put(expiresKey(item), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// remove removes the item of a key from every bucket. It does nothing if there is none.
func remove(tx *bolt.Tx, key store.Key) error {
	stored, err := load(tx, key)
	if stored == nil || err != nil {
		return err
	}
	return errors.Join(
		tx.Bucket(itemsBucket).Delete(join(key.Partition, key.Sort)),
		tx.Bucket(listedBucket).Delete(listedKey(*stored)),
		tx.Bucket(expiresBucket).Delete(expiresKey(*stored)),
	)
}

// sweep removes up to limit expired items and reports whether there may be more.
func sweep(tx *bolt.Tx, now time.Time, limit int) (more bool, err error) {
	var gone []store.Key
	cursor := tx.Bucket(expiresBucket).Cursor()
	for key, _ := cursor.First(); key != nil && len(gone) < limit; key, _ = cursor.Next() {
		if len(key) < 8 || binary.BigEndian.Uint64(key) > uint64(now.Unix()) { //nolint:gosec // the clock is later than 1970
			break
		}
		partition, sort, _ := bytes.Cut(key[8:], []byte{separator})
		gone = append(gone, store.Key{Partition: string(partition), Sort: string(sort)})
	}
	for _, key := range gone {
		if err := remove(tx, key); err != nil {
			return false, err
		}
	}
	return len(gone) == limit, nil
}

func listedKey(item store.Item) []byte {
	return join(item.Listed.Index, item.Listed.Sort, item.Partition, item.Sort)
}

func expiresKey(item store.Item) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(item.Expires.Unix())), join(item.Partition, item.Sort)...) //nolint:gosec // behind 1970
}

// decodeEntry reads the key of an entry without its index.
func decodeEntry(key []byte) (store.Entry, error) {
	parts := bytes.Split(key, []byte{separator})
	if len(parts) != 3 {
		return store.Entry{}, errBroken
	}
	return store.Entry{Sort: string(parts[0]), Key: store.Key{Partition: string(parts[1]), Sort: string(parts[2])}}, nil
}

// encode returns the stored value of an item: version, expiry (0: never), the two parts of its place in an index, and the body.
func encode(item store.Item) []byte {
	var expires int64
	if !item.Expires.IsZero() {
		expires = item.Expires.Unix()
	}
	value := make([]byte, 0, 2*binary.MaxVarintLen64+len(item.Listed.Index)+len(item.Listed.Sort)+2+len(item.Body))
	value = binary.AppendVarint(value, item.Version)
	value = binary.AppendVarint(value, expires)
	value = append(value, join(item.Listed.Index, item.Listed.Sort, "")...)
	return append(value, item.Body...)
}

// decode returns the item of a stored value. The item shares no memory with the file.
func decode(key, value []byte) (store.Item, error) {
	partition, sort, ok := bytes.Cut(key, []byte{separator})
	version, n := binary.Varint(value)
	expires, m := binary.Varint(value[max(n, 0):])
	if !ok || n <= 0 || m <= 0 {
		return store.Item{}, errBroken
	}
	index, rest, indexOK := bytes.Cut(value[n+m:], []byte{separator})
	indexSort, body, sortOK := bytes.Cut(rest, []byte{separator})
	if !indexOK || !sortOK {
		return store.Item{}, errBroken
	}
	item := store.Item{
		Key:     store.Key{Partition: string(partition), Sort: string(sort)},
		Version: version,
		Body:    bytes.Clone(body),
		Listed:  store.Listing{Index: string(index), Sort: string(indexSort)},
	}
	if expires != 0 {
		item.Expires = time.Unix(expires, 0).UTC()
	}
	return item, nil
}
