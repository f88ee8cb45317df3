package ledger

import "cloudmonitor.ai/copilot-connector/internal/metrics"

// Roster is everybody's numbers of one day in the form in which they are stored.
type Roster struct {
	Pages  [][]byte // equal parts of the people, numbered as metrics.PageOf says
	People []byte   // the set of those who were active
}

// Progress is a per-user report that was read in part, to be gone on with by a later run.
type Progress struct {
	Bookmark metrics.Bookmark
	Pages    [][]byte // of the people met so far
}
