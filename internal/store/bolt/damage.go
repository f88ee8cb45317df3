package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// ErrDamaged means that the file differs from what was written.
var ErrDamaged = errors.New("the file is damaged")

// openFile opens the file and reads all of it once, to find damage before anybody uses it. A year of one connector has some tens of
// megabytes.
func openFile(path string, options bolt.Options) (*bolt.DB, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: it is no file", ErrDamaged)
	}
	// bbolt turns an empty file into a new store. That is wrong for a store that somebody has emptied. Opened only for reading, an
	// empty file fails.
	empty := err == nil && info.Size() == 0
	options.ReadOnly = empty
	var db *bolt.DB
	err = guarded(func() (err error) {
		db, err = bolt.Open(path, 0o600, &options)
		return err
	})
	switch {
	case err == nil:
	case errors.Is(err, bolterrors.ErrTimeout), errors.Is(err, ErrDamaged):
		return nil, err
	case empty:
		return nil, fmt.Errorf("%w: it is empty", ErrDamaged)
	default:
		if _, system := errors.AsType[*fs.PathError](err); system {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := guarded(func() error { return db.View(check) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// check reads every item.
func check(tx *bolt.Tx) error {
	info, err := os.Stat(tx.DB().Path())
	if err != nil {
		return err
	}
	if tx.Size() > info.Size() {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
		return bucket.ForEach(func(key, value []byte) error {
			var err error
			if string(name) == string(itemsBucket) {
				_, err = decode(key, value)
			}
			if err != nil {
				return fmt.Errorf("%w: %w", ErrDamaged, err)
			}
			return nil
		})
	})
}

// guarded turns a panic into ErrDamaged. bbolt panics at an impossible page, and reading faults if the file is shorter than it says.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%w: it refers to what is not there", ErrDamaged) // a panic's own words may hold anything
		}
	}()
	return do()
}
