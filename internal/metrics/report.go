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
)

// Report is a report that GitHub has for a day. It reads the report part after part with part, to the end of each; only
// when it returns nil was the report read whole.
type Report func(ctx context.Context, part func(io.Reader) error) error
