package platform

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// namespace is the CloudWatch namespace of all our metrics.
const namespace = "CopilotConnector"

// metadata is the member _aws of a log line in CloudWatch's Embedded Metric Format. The specification defines the names.
type metadata struct {
	Timestamp         int64 // in milliseconds since 1970
	CloudWatchMetrics []directive
}

// directive names the members of the line that are metrics, and those that are their dimensions.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

type metric struct{ Name, Unit string }

// members returns what the figures add to the root of a line. One line has one member for the code, so figures with different
// codes cannot share a line: such a line becomes no metric, and says so.
func (f figures) members(stack string, at time.Time) []slog.Attr {
	members := slices.Concat(f.totals, f.coded)
	if len(members) == 0 {
		return nil
	}
	if len(f.codes) > 0 {
		members = append(members, slog.String("code", strings.Join(f.codes, ",")))
	}
	switch {
	case stack == "":
		return members
	case len(f.codes) > 1:
		return append(members, slog.String("notMeasured", "a line is about one code"))
	}
	meta := metadata{Timestamp: at.UnixMilli()}
	if len(f.totals) > 0 {
		meta.CloudWatchMetrics = append(meta.CloudWatchMetrics, direct(f.totals, []string{"stack"}))
	}
	if len(f.coded) > 0 {
		meta.CloudWatchMetrics = append(meta.CloudWatchMetrics, direct(f.coded, []string{"stack"}, []string{"stack", "code"}))
	}
	return append(members, slog.String("stack", stack), slog.Any("_aws", meta)) //nolint:sloglint // the specification's name
}

func direct(figures []slog.Attr, dimensions ...[]string) directive {
	d := directive{Namespace: namespace, Dimensions: dimensions}
	for _, f := range figures {
		d.Metrics = append(d.Metrics, metric{Name: f.Key, Unit: "Count"})
	}
	return d
}

// maxDimension is longer than any stack's name.
const maxDimension = 255

// isDimension reports whether CloudWatch accepts a text as the value of a dimension: visible ASCII.
func isDimension(value string) bool {
	return value != "" && len(value) <= maxDimension && value[0] != ':' &&
		!strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}
