// Package resume holds the rules by which a report that was too long for one run is continued in the next: how a place in a report
// is written down, when it still holds, and in which order a report is read from there. It does not read or store anything. Package
// github fetches the bytes, package store keeps the partial reports, and package collect decides when to stop and when to continue. Start at
// Bookmark.
//
// The danger is a mixture: the beginning of one report and the end of another, because GitHub has restated the day in between. So every
// part has an identity, and each one that was read before is compared before anything is read.
package resume

import (
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Bookmark is a place in a report at which a later run can continue. The zero value is the beginning.
type Bookmark struct {
	Parts  []string `json:"parts"`  // the identities of the parts that were begun, in order; all but the last were read whole
	Offset int64    `json:"offset"` // how many bytes of the last of Parts were read; with 0 it is read anew, even if it has changed
}

// Partial is a per-user report that was read in part.
type Partial struct {
	Bookmark Bookmark
	Pages    [][]byte // the numbers of the people so far
}

// Parts opens the parts of a report by their number, from 0 on.
type Parts interface {
	// Confirm returns ReportChanged if the part does not have this identity any more.
	Confirm(part int, identity string) error
	// Continue reads the part from a byte on. It returns ReportChanged if the part does not have this identity any more.
	Continue(part int, identity string, offset int64) error
	// Rest reads all parts from this one on, each from its beginning.
	Rest(part int) error
}

// Follow reads a report of so many parts from the bookmark on. The error is ReportChanged if the report is not the one in which the
// bookmark lies. Everything that was read of it before is then void.
func (b Bookmark) Follow(count int, parts Parts) error {
	begun := len(b.Parts)
	switch {
	case b.Offset < 0, b.Offset > 0 && begun == 0:
		return Changed("the bookmark is in none of its parts")
	case begun > count:
		return Changed("it has fewer parts than were begun")
	case begun == 0:
		return parts.Rest(0)
	}
	last := begun - 1
	for i, identity := range b.Parts[:last] {
		if err := parts.Confirm(i, identity); err != nil {
			return err
		}
	}
	if b.Offset == 0 {
		return parts.Rest(last)
	}
	if err := parts.Continue(last, b.Parts[last], b.Offset); err != nil {
		return err
	}
	return parts.Rest(begun)
}

// Changed returns the error that a report has changed since a bookmark was made, or that nobody can tell whether it has.
func Changed(why string) error {
	return &fault.Error{Code: fault.ReportChanged, Op: "continue a report", Err: errors.New(why)}
}
