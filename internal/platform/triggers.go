package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// QueueHandler does one task for each message of an SQS event. What fails or panics is reported as that message's
// failure, so that SQS delivers it again and the others not.
func QueueHandler(log *slog.Logger, do func(ctx context.Context, body string) error) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var answer events.SQSEventResponse
		for _, message := range event.Records {
			if err := guarded(ctx, message.Body, do); err != nil {
				log.ErrorContext(ctx, "task failed", "message", message.MessageId, "error", err)
				answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
			}
		}
		return answer, nil
	}
}

// guarded makes an error of a panic. Its cause may hold anything, a token too, and is not told.
func guarded(ctx context.Context, body string, do func(context.Context, string) error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it panicked")
		}
	}()
	return do(ctx, body)
}

// ScheduleEvent is what a schedule of template.yaml hands over: the instant it was due at, however late it comes.
type ScheduleEvent struct {
	Time time.Time `json:"time"`
}

// ScheduleHandler does what a schedule asks for. An error makes Lambda try again.
func ScheduleHandler(log *slog.Logger, do func(ctx context.Context, scheduledFor time.Time) error) func(context.Context, ScheduleEvent) error {
	return func(ctx context.Context, event ScheduleEvent) error {
		if event.Time.IsZero() {
			return errors.New("the event names no time")
		}
		if err := do(ctx, event.Time.UTC()); err != nil {
			log.ErrorContext(ctx, "schedule failed", "scheduledFor", event.Time, "error", err)
			return fmt.Errorf("scheduled for %s: %w", event.Time.Format(time.RFC3339), err)
		}
		return nil
	}
}
