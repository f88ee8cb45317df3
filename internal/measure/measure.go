// Package measure says which numbers of a log line are metrics. There is no other way to count: where a number is
// measured, there is a line that tells whose it is and why.
package measure

import (
	"log/slog"
	"strings"
)

// Figure is a number of a log line that is a metric. A handler that knows nothing of it prints the number.
type Figure struct {
	N    int
	Code string // by which it is counted as well; empty: it is a total only
}

// LogValue is the number.
func (f Figure) LogValue() slog.Value { return slog.IntValue(f.N) }

// Count makes a metric of the whole stack. A name comes once on a line. A gauge is to be logged when it is 0, too: one
// that is missing is not known.
func Count(name string, n int) slog.Attr { return slog.Any(name, Figure{N: n}) }

// CountBy makes a metric of the whole stack that is also counted for each value of a code. Each value is a metric that
// is paid for: codes are a small and fixed set, never ids. A line is about one code, whatever it counts by it.
func CountBy(name string, n int, code string) slog.Attr {
	return slog.Any(name, Figure{N: n, Code: bounded(code)})
}

// maxCode is longer than any code.
const maxCode = 64

// bounded is the code, or other for what cannot be one.
func bounded(code string) string {
	if code == "" || len(code) > maxCode || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return "other"
	}
	return code
}
