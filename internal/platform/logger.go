package platform

import (
	"io"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// NewLogger logs from level Info on: inside Lambda in Lambda's own JSON with the request's id, to standard output,
// which is where Lambda listens; everywhere else as text to w. Inside Lambda the figures of package measure are metrics
// of the stack that STACK_NAME names, none where it is not set.
func NewLogger(w io.Writer) *slog.Logger {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		return slog.New(newMeasuring(lambdacontext.NewLogHandler(), os.Getenv("STACK_NAME")))
	}
	return slog.New(newMeasuring(slog.NewTextHandler(w, nil), ""))
}
