package metrics

import (
	"context"
	"io"
)

// ReportKind is one of GitHub's usage reports.
type ReportKind string

// The reports that are read.
const (
	Aggregate ReportKind = "usage" // of the whole organization or enterprise
	PerUser   ReportKind = "users"
	UserTeams ReportKind = "user-teams" // who is in which team
	ByRepo    ReportKind = "repos"      // the pull requests of each repository
)

// Report is a report that GitHub has for a day. It reads the report from a bookmark on with read, part after part, each
// to its end; only when it returns nil was the report read whole.
//
// Where the bookmark names parts, the first one that read gets is the last of them, from Offset on; it may have nothing
// left. fault.ReportChanged says that the report is not the one any more in which the bookmark was put, or that its host
// cannot tell or cannot go on in the middle: what was read of it is void.
type Report func(ctx context.Context, from Bookmark, read func(Part) error) error

// Whole reads the report from its beginning.
func (r Report) Whole(ctx context.Context, read func(io.Reader) error) error {
	return r(ctx, Bookmark{}, func(part Part) error { return read(part) })
}

// Bookmark is a place in a report from which it can be read on later. The zero value is the beginning.
type Bookmark struct {
	Parts  []string `json:"parts"`  // the identity of each part begun so far, in order; all but the last were read whole
	Offset int64    `json:"offset"` // how many bytes of the last of Parts were read; with 0 it is read anew, whatever it is now
}

// Part is one file of a report, or what is left of it.
type Part struct {
	io.Reader
	Identity string // tells nothing of the link; changes with the content. Empty: it can be read in one go only
}
