package lambda

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// Main is what every function's main does: makeHandler reads the settings, joins the parts and returns the handler of the
// function's events, which Lambda's loop then calls. The log tells the version. What keeps it from that is logged, and the program ends with 1.
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

// NewLogger logs from level Info on in Lambda's own JSON with the request's id, to standard output, which is where Lambda
// listens. The figures of package measure are metrics.
func NewLogger() *slog.Logger { return platform.NewMetricsLogger(lambdacontext.NewLogHandler()) }
