package ledger

import (
	"crypto/sha256"
	"encoding/hex"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// HashOf names GitHub's record of a day by its content.
func HashOf(record []byte) string {
	sum := sha256.Sum256(record)
	return hex.EncodeToString(sum[:16])
}

// Roster is everybody's numbers of one day in the form in which they are stored.
type Roster struct {
	Details [][]byte // what is kept and not shown, on as many pages; empty where nobody has any
	Pages   [][]byte // equal parts of the people, numbered as shard.Page says
	People  []byte   // the set of those who were active
}

// Progress is a per-user report that was read in part, to be gone on with by a later run.
type Progress struct {
	Bookmark metrics.Bookmark
	Pages    [][]byte // of the people met so far
}
