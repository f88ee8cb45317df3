package platform

import (
	"io"
	"log/slog"
	"os"
)

// NewLogger returns a logger that writes text to w, for level Info and above. It prints figures of package measure as numbers.
func NewLogger(w io.Writer) *slog.Logger {
	return slog.New(newMeasuring(slog.NewTextHandler(w, nil), ""))
}

// NewMetricsLogger returns a logger on top of a JSON handler whose lines CloudWatch reads. Figures of package measure become
// metrics of the stack in STACK_NAME. If STACK_NAME is not set they stay plain numbers.
func NewMetricsLogger(next slog.Handler) *slog.Logger {
	return slog.New(newMeasuring(next, os.Getenv("STACK_NAME")))
}
