// Command remind is the Lambda that the schedule of 07:00 UTC calls. It mails people before a token expires.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	mail "cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

func main() { lambda.Main(run) }

func run(log *slog.Logger) (any, error) {
	settings, err := platform.ReadRemindSettings()
	if err != nil {
		return nil, err
	}
	aws := awsclient.Config(platform.ReadAWSSettings())
	stored := &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(aws), settings.Table, time.Now), Now: time.Now}
	post := mail.New(sns.NewFromConfig(aws), settings.OperationsTopic, settings.TopicPrefix)
	reminder := remind.Reminder{Store: stored, Notifier: notify.Notifier{Post: post, Store: stored}, Now: time.Now, Log: log}
	return lambda.ScheduleHandler(log, func(ctx context.Context, scheduledFor time.Time) error {
		sent, err := reminder.Remind(ctx, scheduledFor)
		if err != nil {
			return fmt.Errorf("after %d notices: %w", sent, err)
		}
		return nil
	}), nil
}
