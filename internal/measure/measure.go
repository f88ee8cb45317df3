// Package measure marks the numbers of a log line that become CloudWatch metrics. It is the only way to emit a metric: so
// every measured number has a log line that says to which connector it belongs and why it was counted. The package must not
// know CloudWatch; package platform writes the format. Start reading at Count. Package metrics is something else: GitHub's
// usage numbers.
package measure

import (
	"log/slog"
	"strings"
)

// Figure is a number of a log line that is also a metric. A log handler that does not know Figure prints the number.
type Figure struct {
	N    int
	Code string // the code for which it is also counted; empty: it is counted only in total
}

// LogValue implements slog.LogValuer: it returns the number.
func (f Figure) LogValue() slog.Value { return slog.IntValue(f.N) }

// Count returns the attribute for a metric of the whole stack. A line may have each name only once. Log a gauge also when
// it is 0, because a missing value means unknown.
func Count(name string, n int) slog.Attr { return slog.Any(name, Figure{N: n}) }

// CountBy returns the attribute for a metric that is counted for the whole stack and for each value of a code. AWS bills
// each value as a metric: codes must be a small fixed set, never ids. All figures of a line must have the same code.
func CountBy(name string, n int, code string) slog.Attr {
	return slog.Any(name, Figure{N: n, Code: bounded(code)})
}

// maxCode is longer than any code.
const maxCode = 64

// bounded returns the code, or "other" if the text cannot be a code.
func bounded(code string) string {
	if code == "" || len(code) > maxCode || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return "other"
	}
	return code
}
