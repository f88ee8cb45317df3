package lambda

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// Main is the body of every function's main. makeHandler reads the settings, connects the parts and returns the handler of the
// function's events; Lambda's loop then calls it. Main logs the version. If makeHandler fails, Main logs the error and exits
// with status 1.
func Main(makeHandler func(log *slog.Logger) (handler any, err error)) {
	log := NewLogger()
	handler, err := makeHandler(log)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	log.Info("started", "version", platform.Version())
	lambda.Start(handler)
}

// NewLogger returns a logger for level Info and above. It writes Lambda's own JSON with the request's id to standard output.
// The figures of package measure become metrics.
func NewLogger() *slog.Logger { return platform.NewMetricsLogger(lambdacontext.NewLogHandler()) }
