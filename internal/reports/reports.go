// Package reports names GitHub's usage reports and says how a report is read in parts: package github provides a Report, and the use
// cases hand its parts to the readers of package metrics. It must not know what is in a report. Start reading at Report.
package reports

import (
	"context"
	"io"

	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// Kind is one of GitHub's usage reports.
type Kind string

// The kinds of reports.
const (
	Aggregate Kind = "usage" // the numbers of the whole organization or enterprise
	PerUser   Kind = "users"
	UserTeams Kind = "user-teams" // who is in which team
	ByRepo    Kind = "repos"      // the pull requests of each repository
)

// Report reads a report that GitHub has for a day. It begins at a bookmark and calls read for each part, which must read the part to
// its end. The report was read whole only if it returns nil.
//
// If the bookmark names parts, the first part that read gets is the last of these, from Offset on. It may have no bytes left. The
// error fault.ReportChanged means that the report has changed since the bookmark was made, or that its host cannot tell whether it
// has, or cannot continue in the middle. All that was read of it before is then void.
type Report func(ctx context.Context, from resume.Bookmark, read func(Part) error) error

// Whole reads the report from its beginning.
func (r Report) Whole(ctx context.Context, read func(io.Reader) error) error {
	return r(ctx, resume.Bookmark{}, func(part Part) error { return read(part) })
}

// Part is one file of a report, or the rest of it.
type Part struct {
	io.Reader
	Identity string // changes with the content and holds nothing of the link; empty: the part must be read without interruption
}
