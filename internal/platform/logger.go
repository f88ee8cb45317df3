package platform

import (
	"io"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// NewLogger logs from level Info on: inside Lambda in Lambda's own JSON with the request's id, to standard output,
// which is where Lambda listens; everywhere else as text to w.
func NewLogger(w io.Writer) *slog.Logger {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		return slog.New(lambdacontext.NewLogHandler())
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
