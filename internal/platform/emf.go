package platform

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// namespace is that of all metrics in CloudWatch.
const namespace = "CopilotConnector"

// metadata is the member _aws of a line in CloudWatch's Embedded Metric Format. The names are those of its specification.
type metadata struct {
	Timestamp         int64 // in milliseconds since 1970
	CloudWatchMetrics []directive
}

// directive names members of the line: what is a metric, and what it is told apart by.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

type metric struct{ Name, Unit string }

// members is what the figures add to the root of a line. Those of several codes cannot be told apart by one member: such
// a line is no metric at all, and says so.
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

// maxDimension is longer than a stack's name can be.
const maxDimension = 255

// isDimension says that CloudWatch takes a text for the value of a dimension: ASCII that can be seen.
func isDimension(value string) bool {
	return value != "" && len(value) <= maxDimension && value[0] != ':' &&
		!strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}
