// Command move is the Lambda that moves the tokens of a stack from one vault to the other. It may read tokens and store
// them, so a stack has it only while it moves. An operator calls it again until the answer is complete.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

func main() { lambda.Main(handler) }

// event names the vault to which tokens move. A call that was meant for another stack names another vault, and moves nothing.
type event struct {
	MoveTokensTo platform.TokenVault `json:"moveTokensTo"`
}

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadMoveSettings()
	if err != nil {
		return nil, err
	}
	mover := awsworld.New(time.Now).Mover(settings, log)
	return lambda.CallHandler(log, func(ctx context.Context, asked event) (vault.Moved, error) {
		if asked.MoveTokensTo != settings.Vault {
			return vault.Moved{}, fmt.Errorf("the event does not say {\"moveTokensTo\":%q}, which is where the tokens of this stack move", settings.Vault)
		}
		return mover.Move(ctx)
	}), nil
}
