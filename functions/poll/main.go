// Command poll is the Lambda that the schedule of 06:00 UTC calls. It queues a task for each connector.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/measure"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadPollSettings()
	if err != nil {
		return nil, err
	}
	aws := awsworld.New(time.Now)
	poller := assembly.Parts{Store: aws.Store(settings.Table), Queue: aws.Queue(settings.QueueURL), Now: time.Now}.Poller()
	return lambda.ScheduleHandler(log, func(ctx context.Context, scheduledFor time.Time) error {
		queued, err := poller.Poll(ctx, scheduledFor)
		emptyPolls := 0 // 1 if there is nothing to poll, so that no alarm sounds
		if queued == 0 && err == nil {
			emptyPolls = 1
		}
		log.LogAttrs(ctx, slog.LevelInfo, "queued", slog.Time("scheduledFor", scheduledFor),
			measure.Count("ConnectorsQueued", queued), measure.Count("SuccessfulPolls", emptyPolls))
		if err != nil {
			return fmt.Errorf("after %d connectors: %w", queued, err)
		}
		return nil
	}), nil
}
