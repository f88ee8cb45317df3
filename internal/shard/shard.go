// Package shard spreads people evenly over a day's pages, by a hash of their user ids. It is part of the stored form, and knows
// nothing of what is on a page. A place in all pages is a hash, so that it holds however many pages there are. Start reading at
// Hash.
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

// Page returns which of a power of two of pages holds a hash: its top bits.
func Page(hash uint64, pages int) int { return int(hash >> shift(pages)) } //nolint:gosec // pages are few

// shift is how many bits of a hash do not tell the page.
func shift(pages int) int { return 65 - bits.Len(uint(pages)) }

// Range is a range of hashes, both ends included.
type Range struct{ From, To uint64 }

// Pages returns the hashes on pages of a power of two of pages, from the first to the last.
func Pages(first, last, pages int) Range {
	if pages == 1 {
		return Range{0, math.MaxUint64}
	}
	return Range{uint64(first) << shift(pages), uint64(last+1)<<shift(pages) - 1} //nolint:gosec // pages are not negative
}

// Has reports whether a hash lies in the range.
func (r Range) Has(hash uint64) bool { return r.From <= hash && hash <= r.To }
