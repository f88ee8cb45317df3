// Command poll is the Lambda that the schedule of 06:00 UTC calls. It queues a task for each connector.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/measure"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	tasks "cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

func main() { lambda.Main(run) }

func run(log *slog.Logger) (any, error) {
	settings, err := platform.ReadPollSettings()
	if err != nil {
		return nil, err
	}
	aws := awsclient.Config(platform.ReadAWSSettings())
	poller := collect.Poller{
		Store: &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(aws), settings.Table, time.Now), Now: time.Now},
		Queue: tasks.New(sqs.NewFromConfig(aws), settings.QueueURL),
	}
	return lambda.ScheduleHandler(log, func(ctx context.Context, scheduledFor time.Time) error {
		queued, err := poller.Poll(ctx, scheduledFor)
		emptyPolls := 0 // where there is nothing to poll, nothing is missed
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
