package ledger

import (
	"crypto/sha256"
	"encoding/hex"
)

// HashOf returns the hash by which GitHub's record of a day is named.
func HashOf(record []byte) string {
	sum := sha256.Sum256(record)
	return hex.EncodeToString(sum[:16])
}

// PackedPeople holds everybody's numbers of one day in their stored form.
type PackedPeople struct {
	Details [][]byte // the details that are not shown, on the same number of pages; a page is empty if nobody on it has details
	Pages   [][]byte // the numbers, on pages that are numbered by shard.Page
	People  []byte   // the set of active people
}
