package metrics

// ReportKind is one of GitHub's usage reports.
type ReportKind string

// The reports that are read.
const (
	Aggregate ReportKind = "usage" // of the whole organization or enterprise
	PerUser   ReportKind = "users"
)
