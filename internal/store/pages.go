package store

import (
	"iter"
	"time"
)

// Pages is the loop of every table's Query. It yields the items page after page, without expired items and up to the limit. read
// returns the items of the page at a place, and the place of the next page if there are more. The zero place is the start. left is
// the number of items that are still wanted, or 0 for all. A page may be empty.
func Pages[Place any](r Range, now func() time.Time, read func(at Place, left int) (page []Item, next Place, more bool, err error)) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if err := r.Check(); err != nil {
			yield(Item{}, failed("query items", err))
			return
		}
		var at Place
		left := r.Limit
		for more := r.To == "" || r.From <= r.To; more; {
			var page []Item
			var err error
			if page, at, more, err = read(at, left); err != nil {
				yield(Item{}, err)
				return
			}
			for _, item := range page {
				if item.Expired(now()) {
					continue
				}
				if !yield(item, nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
		}
	}
}
