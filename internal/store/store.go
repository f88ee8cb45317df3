package store

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Store keeps connectors and what they collect. It is safe for concurrent use.
type Store struct {
	Table Table
	Now   func() time.Time

	// MayLag lets reads of many days miss the writes of the last second, for half the price. It is meant for readers only: what is
	// written must not be decided by such a read. A reader then sees what stood a moment before, as a whole: the pages that a former day
	// names stay for an hour, and a reader gets them without a lag. Only the removal of people deletes pages at once: a reader who saw
	// the former day then misses pages for that second.
	MayLag bool
}

func failed(op string, err error) error {
	return &fault.Error{Code: fault.Store, Op: op, Err: err}
}
