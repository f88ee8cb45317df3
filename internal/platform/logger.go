package platform

import (
	"io"
	"log/slog"
	"os"
)

// NewLogger logs as text to w, from level Info on. Figures of package measure are printed like any number.
func NewLogger(w io.Writer) *slog.Logger {
	return slog.New(newMeasuring(slog.NewTextHandler(w, nil), ""))
}

// NewMetricsLogger logs through a handler of JSON whose lines CloudWatch reads. Figures of package measure are metrics of the
// stack that STACK_NAME names; where it is not set they are numbers.
func NewMetricsLogger(next slog.Handler) *slog.Logger {
	return slog.New(newMeasuring(next, os.Getenv("STACK_NAME")))
}
