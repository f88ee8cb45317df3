// Command remind is the Lambda that the schedule of 07:00 UTC calls. It mails people before a token expires.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadRemindSettings()
	if err != nil {
		return nil, err
	}
	aws := awsworld.New(time.Now)
	reminder := assembly.Parts{
		Store: aws.Store(settings.Table), Post: aws.Post(settings.MailSettings), Now: time.Now, Log: log,
	}.Reminder()
	return lambda.ScheduleHandler(log, func(ctx context.Context, scheduledFor time.Time) error {
		sent, err := reminder.Remind(ctx, scheduledFor)
		if err != nil {
			return fmt.Errorf("after %d notices: %w", sent, err)
		}
		return nil
	}), nil
}
