package store

import (
	"iter"
	"time"
)

// Pages is the loop of every table's Query: page after page, without what has expired and up to the limit. read returns
// the items of the page at a place, the zero place being the start, with the place of the next page; more reports whether
// there is one. left is how many items are still wanted, 0: all. A page may be empty.
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
