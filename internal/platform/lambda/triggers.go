package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// QueueHandler handles one task for each message of an SQS event. It reports each message whose task fails or panics, so that
// SQS delivers only that message again.
func QueueHandler(
	log *slog.Logger, decode func(body string) (connector.Task, error), do func(context.Context, connector.Task) error,
) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var answer events.SQSEventResponse
		if len(event.Records) == 0 {
			err := errors.New("the event holds no messages")
			log.ErrorContext(ctx, "event refused", "error", err)
			return answer, err
		}
		ctx, cancel := endingEarly(ctx)
		defer cancel()
		for _, message := range event.Records {
			task, err := decode(message.Body)
			code := codeNoTask
			if err == nil {
				err = guarded(func() error { return do(ctx, task) })
				code = string(fault.CodeOf(err))
			}
			if err != nil {
				log.LogAttrs(ctx, slog.LevelError, "task failed", slog.String("messageId", message.MessageId),
					slog.String("tenant", task.Tenant), slog.String("connector", task.Connector), slog.String("reason", string(task.Reason)),
					slog.Any("error", err), measure.CountBy("TasksFailed", 1, code))
				answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
			}
		}
		return answer, nil
	}
}

// codeNoTask is the metric code of messages that are not tasks.
const codeNoTask = "not_a_task"

// ScheduleEvent is the event of a schedule in template.yaml. It has the instant at which the schedule was due, even if the
// event arrives late.
type ScheduleEvent struct {
	Time time.Time `json:"time"`
}

// ScheduleHandler runs the work of a schedule. After an error Lambda tries again. aws-lambda-go prints the error too, but only
// the line that is logged here has a level and the request's id.
func ScheduleHandler(log *slog.Logger, do func(ctx context.Context, scheduledFor time.Time) error) func(context.Context, ScheduleEvent) error {
	return func(ctx context.Context, event ScheduleEvent) error {
		ctx, cancel := endingEarly(ctx)
		defer cancel()
		err := guarded(func() error {
			if event.Time.IsZero() {
				return errors.New("the event names no time")
			}
			return do(ctx, event.Time.UTC())
		})
		if err != nil {
			log.ErrorContext(ctx, "schedule failed", "scheduledFor", event.Time, "error", err)
		}
		return err
	}
}

// CallHandler runs a function that a person calls by hand, and answers with the result as JSON.
func CallHandler[Event, Result any](
	log *slog.Logger, do func(ctx context.Context, event Event) (Result, error),
) func(context.Context, Event) (Result, error) {
	return func(ctx context.Context, event Event) (result Result, err error) {
		ctx, cancel := endingEarly(ctx)
		defer cancel()
		err = guarded(func() error {
			result, err = do(ctx, event)
			return err
		})
		if err != nil {
			log.ErrorContext(ctx, "call failed", "error", err)
		}
		return result, err
	}
}

// guarded turns a panic into an error. The error leaves out the panic's value, which may contain a token. It has the stack,
// which contains only addresses.
func guarded(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("panic: %s", debug.Stack())
		}
	}()
	return do()
}
