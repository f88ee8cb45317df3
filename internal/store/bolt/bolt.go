// Package bolt keeps a store.Table in one file, for the program that runs without AWS.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// lockTimeout is how long Open waits for another program to let go of the file.
const lockTimeout = time.Second

// The buckets. The last two are kept in step with the items in the transactions that write them.
var (
	itemsBucket   = []byte("items")   // key -> item
	listedBucket  = []byte("listed")  // place in an index, then key -> nothing
	expiresBucket = []byte("expires") // expiry, then key -> nothing
)

// Table is a store.Table in a file. A write to what Open opened is on the disk when the call returns.
type Table struct {
	db  *bolt.DB
	now func() time.Time
}

var _ store.Table = (*Table)(nil)

// mapped is how much address space a store takes from the beginning. Each time that a file grows beyond what is mapped, bbolt copies
// what a write has read so far.
const mapped = 256 << 20

// Open opens the file, or makes it, and removes from it what has expired. One program at a time can have it open. A file
// that cannot be read to its end is ErrDamaged, and is left as it is.
func Open(path string, now func() time.Time) (*Table, error) {
	return open(path, now, bolt.Options{Timeout: lockTimeout, InitialMmapSize: mapped})
}

// OpenVolatile is Open for tests that do not ask what a machine without power leaves: a write is with the operating
// system when the call returns, and nobody waits for the disk.
func OpenVolatile(path string, now func() time.Time) (*Table, error) {
	return open(path, now, bolt.Options{Timeout: lockTimeout, InitialMmapSize: mapped, NoSync: true, NoGrowSync: true})
}

func open(path string, now func() time.Time, options bolt.Options) (*Table, error) {
	const op = "open the store"
	db, err := openFile(path, options)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, failed(op, fmt.Errorf("another make run uses %s", path))
	}
	if err != nil {
		return nil, failed(op, err)
	}
	t := &Table{db: db, now: now}
	if err := t.prepare(); err != nil {
		return nil, failed(op, errors.Join(err, db.Close()))
	}
	return t, nil
}

func (t *Table) prepare() error {
	err := t.db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{itemsBucket, listedBucket, expiresBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	for more := true; more && err == nil; {
		err = t.db.Update(func(tx *bolt.Tx) (err error) {
			more, err = sweep(tx, t.now(), 1000)
			return err
		})
	}
	return err
}

// Close waits for what is under way and lets go of the file.
func (t *Table) Close() error {
	if err := t.db.Close(); err != nil {
		return failed("close the store", err)
	}
	return nil
}

func failed(op string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &fault.Error{Code: fault.OutOfTime, Op: op, Err: err}
	}
	return &fault.Error{Code: fault.Store, Op: op, Err: err}
}
