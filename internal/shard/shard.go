// Package shard spreads people evenly over a day's pages, by a hash of their user ids. It is part of the stored form. It does not know what
// is on a page. A place is a hash, so it stays valid if the number of pages changes. Start reading at Hash.
package shard

import (
	"math"
	"math/bits"
)

// Hash spreads user ids evenly over 64 bits; no two have the same. It is part of the stored form: the finalizer of
// SplitMix64. https://doi.org/10.1145/2714064.2660195
func Hash(userID int64) uint64 {
	h := uint64(userID) //nolint:gosec // ids are positive
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// Page returns the number of the page that holds a hash: the top bits of the hash. The number of pages must be a power of two.
func Page(hash uint64, pages int) int { return int(hash >> shift(pages)) } //nolint:gosec // pages are few

// shift returns the number of bits of a hash that do not select the page.
func shift(pages int) int { return 65 - bits.Len(uint(pages)) }

// Range is a range of hashes, both ends included.
type Range struct{ From, To uint64 }

// Pages returns the range of hashes on the pages from first to last. The number of pages must be a power of two.
func Pages(first, last, pages int) Range {
	if pages == 1 {
		return Range{0, math.MaxUint64}
	}
	return Range{uint64(first) << shift(pages), uint64(last+1)<<shift(pages) - 1} //nolint:gosec // pages are not negative
}

// Has reports whether a hash lies in the range.
func (r Range) Has(hash uint64) bool { return r.From <= hash && hash <= r.To }
