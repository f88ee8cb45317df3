// Command move is the Lambda that moves the tokens of a stack from one vault to the other. It may read tokens and store
// them, so a stack has it only while it moves. A person calls it, until its answer says that it is complete.
package main

import (
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadMoveSettings()
	if err != nil {
		return nil, err
	}
	return lambda.CallHandler(log, awsworld.New(time.Now).Mover(settings, log).Move), nil
}
