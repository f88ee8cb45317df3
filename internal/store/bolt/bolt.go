// Package bolt implements store.Table in one file, with bbolt, for the local program. It must not know what an item means. Start
// reading at Open, then record.go, which has the layout of the file.
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

// lockTimeout is how long Open waits if another program has the file open.
const lockTimeout = time.Second

// The buckets. Each transaction that writes items also updates the last two.
var (
	itemsBucket   = []byte("items")   // key -> item
	listedBucket  = []byte("listed")  // place in an index, then key -> nothing
	expiresBucket = []byte("expires") // expiry, then key -> nothing
)

// Table is a store.Table in a file. With Open, a write is on the disk when the call returns.
type Table struct {
	db  *bolt.DB
	now func() time.Time
}

var _ store.Table = (*Table)(nil)

// mapped is the address space that a store takes at the start. When a file grows beyond its mapping, bbolt copies everything that
// the running write has read.
const mapped = 256 << 20

// Open opens or creates the file, and removes expired items from it. Only one program at a time can open it. If the file cannot be
// read to its end, the error is ErrDamaged, and the file stays unchanged.
func Open(path string, now func() time.Time) (*Table, error) {
	return open(path, now, bolt.Options{Timeout: lockTimeout, InitialMmapSize: mapped})
}

// OpenVolatile is Open for tests. A write does not wait for the disk, so it survives the program but not a power failure.
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

// Close waits for running transactions and closes the file.
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
