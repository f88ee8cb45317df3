package lambda_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func TestOnlyFailedMessagesAreDeliveredAgain(t *testing.T) {
	const canary = "ghp_CanarySingsInTheCoalMine0123456789ab"
	for name, tc := range map[string]struct{ bodies, failed []string }{
		"all done":                            {bodies: []string{"good", "good too"}},
		"one fails":                           {bodies: []string{"good", "bad", "good too"}, failed: []string{"id of bad"}},
		"one is not a task":                   {bodies: []string{"no task", "good"}, failed: []string{"id of no task"}},
		"one panics":                          {bodies: []string{"panic", "good"}, failed: []string{"id of panic"}},
		"one fails, one panics, one succeeds": {bodies: []string{"bad", "panic", "good"}, failed: []string{"id of bad", "id of panic"}},
	} {
		t.Run(name, func(t *testing.T) {
			var done []string
			var log bytes.Buffer
			handler := lambda.QueueHandler(slog.New(slog.NewTextHandler(&log, nil)), decode, func(_ context.Context, task connector.Task) error {
				done = append(done, task.Connector)
				switch task.Connector {
				case "bad":
					return errors.New("it went wrong")
				case "panic":
					panic(canary)
				}
				return nil
			})
			var event events.SQSEvent
			for _, body := range tc.bodies {
				event.Records = append(event.Records, events.SQSMessage{MessageId: "id of " + body, Body: body})
			}
			answer, err := handler(t.Context(), event)
			if err != nil {
				t.Fatalf("an error makes SQS deliver all messages again: %v", err)
			}
			var failed []string
			for _, failure := range answer.BatchItemFailures {
				failed = append(failed, failure.ItemIdentifier)
			}
			if diff := cmp.Diff(tc.failed, failed); diff != "" {
				t.Errorf("failed (-want +got):\n%s", diff)
			}
			tasks := slices.DeleteFunc(tc.bodies, func(body string) bool { return body == "no task" })
			if diff := cmp.Diff(tasks, done); diff != "" {
				t.Errorf("tasks that were handled (-want +got):\n%s", diff)
			}
			if lines := strings.Count(log.String(), "task failed"); lines != len(tc.failed) || strings.Contains(log.String(), canary) {
				t.Errorf("logged %s", log.String())
			}
		})
	}
}

func TestTheLogOfAPanicHasItsStackTrace(t *testing.T) {
	var log bytes.Buffer
	handler := lambda.QueueHandler(slog.New(slog.NewTextHandler(&log, nil)), decode, func(context.Context, connector.Task) error { panic("at the disco") })
	if _, err := handler(t.Context(), events.SQSEvent{Records: make([]events.SQSMessage, 1)}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "triggers_test.go") {
		t.Errorf("logged %s", log.String())
	}
}

func TestAFailedTaskIsLoggedWithItsConnectorAndCode(t *testing.T) {
	full := fmt.Errorf("keep days: %w", &fault.Error{Code: fault.Store})
	for name, tc := range map[string]struct {
		body string
		do   func(context.Context, connector.Task) error
		want string
	}{
		"with a code":        {"7", func(context.Context, connector.Task) error { return full }, `tenant=acme connector=7 reason=daily error="keep days: store_failed" TasksFailed=1 code=store_failed`},
		"without a code":     {"7", func(context.Context, connector.Task) error { return errors.New("it broke") }, `tenant=acme connector=7 reason=daily error="it broke" TasksFailed=1 code=internal`},
		"that is not a task": {"no task", nil, `tenant="" connector="" reason="" error="not the JSON of a task" TasksFailed=1 code=not_a_task`},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			handler := lambda.QueueHandler(platform.NewLogger(&log), decode, tc.do)
			if _, err := handler(t.Context(), events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: tc.body}}}); err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(log.String(), `level=ERROR msg="task failed" messageId=1 `+tc.want+"\n") {
				t.Errorf("logged %s", log.String())
			}
		})
	}
}

// decode reads a body as the id of a connector.
func decode(body string) (connector.Task, error) {
	if body == "no task" {
		return connector.Task{}, errors.New("not the JSON of a task")
	}
	return connector.Task{Tenant: "acme", Connector: body, Reason: connector.ReasonDaily}, nil
}

func TestASchedule(t *testing.T) {
	due := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		event string
		fails error // the error of the work
		panic bool
		asked time.Time // zero: the work was not called
		says  string    // a part of the error; "" for no error
	}{
		"runs for its scheduled time": {event: `{"time":"2026-11-22T06:00:00Z"}`, asked: due},
		"has its time in UTC":         {event: `{"time":"2026-11-22T07:00:00+01:00"}`, asked: due},
		"without a time is refused":   {event: `{}`, says: "names no time"},
		"that fails is retried":       {event: `{"time":"2026-11-22T06:00:00Z"}`, asked: due, fails: errors.New("no queue"), says: "no queue"},
		"that panics is retried":      {event: `{"time":"2026-11-22T06:00:00Z"}`, asked: due, panic: true, says: "triggers_test.go"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked time.Time
			var log bytes.Buffer
			handler := lambda.ScheduleHandler(slog.New(slog.NewTextHandler(&log, nil)), func(_ context.Context, scheduledFor time.Time) error {
				if asked = scheduledFor; tc.panic {
					panic("at the disco")
				}
				return tc.fails
			})
			var event lambda.ScheduleEvent
			if err := json.Unmarshal([]byte(tc.event), &event); err != nil {
				t.Fatal(err)
			}
			err := handler(t.Context(), event)
			if asked != tc.asked {
				t.Errorf("called for %s", asked)
			}
			if (err != nil) != (tc.says != "") || err != nil && !strings.Contains(err.Error(), tc.says) {
				t.Errorf("returned %v", err)
			}
			if logged := log.String(); strings.Contains(logged, "schedule failed") != (err != nil) || strings.Contains(logged, "disco") {
				t.Errorf("logged %s", logged)
			}
		})
	}
}
