package platform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

func TestOnlyWhatFailedIsDeliveredAgain(t *testing.T) {
	const canary = "ghp_CanarySingsInTheCoalMine0123456789ab"
	for name, tc := range map[string]struct{ bodies, failed []string }{
		"nothing came":                   {},
		"all done":                       {bodies: []string{"good", "good too"}},
		"one fails":                      {bodies: []string{"good", "bad", "good too"}, failed: []string{"id of bad"}},
		"one panics":                     {bodies: []string{"panic", "good"}, failed: []string{"id of panic"}},
		"one fails, one panics, one not": {bodies: []string{"bad", "panic", "good"}, failed: []string{"id of bad", "id of panic"}},
	} {
		t.Run(name, func(t *testing.T) {
			var done []string
			var log bytes.Buffer
			handler := platform.QueueHandler(slog.New(slog.NewTextHandler(&log, nil)), func(_ context.Context, body string) error {
				done = append(done, body)
				switch body {
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
				t.Fatalf("all would be delivered again: %v", err)
			}
			var failed []string
			for _, failure := range answer.BatchItemFailures {
				failed = append(failed, failure.ItemIdentifier)
			}
			if diff := cmp.Diff(tc.failed, failed); diff != "" {
				t.Errorf("failed (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.bodies, done); diff != "" {
				t.Errorf("not all had their turn (-want +got):\n%s", diff)
			}
			if lines := strings.Count(log.String(), "task failed"); lines != len(tc.failed) || strings.Contains(log.String(), canary) {
				t.Errorf("logged %s", log.String())
			}
		})
	}
}

func TestAPanicTellsWhereItWas(t *testing.T) {
	var log bytes.Buffer
	handler := platform.QueueHandler(slog.New(slog.NewTextHandler(&log, nil)), func(context.Context, string) error { panic("at the disco") })
	if _, err := handler(t.Context(), events.SQSEvent{Records: make([]events.SQSMessage, 1)}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "triggers_test.go") {
		t.Errorf("logged %s", log.String())
	}
}

func TestASchedule(t *testing.T) {
	due := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		event string
		fails error // what the work returns
		panic bool
		asked time.Time // zero: nothing was asked for
		says  string    // of the error; empty: none
	}{
		"is done for the instant it was due at": {event: `{"time":"2026-11-22T06:00:00Z"}`, asked: due},
		"has its instant in UTC":                {event: `{"time":"2026-11-22T07:00:00+01:00"}`, asked: due},
		"without a time is refused":             {event: `{}`, says: "names no time"},
		"that fails is tried again":             {event: `{"time":"2026-11-22T06:00:00Z"}`, asked: due, fails: errors.New("no queue"), says: "no queue"},
		"that panics is tried again":            {event: `{"time":"2026-11-22T06:00:00Z"}`, asked: due, panic: true, says: "triggers_test.go"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked time.Time
			var log bytes.Buffer
			handler := platform.ScheduleHandler(slog.New(slog.NewTextHandler(&log, nil)), func(_ context.Context, scheduledFor time.Time) error {
				if asked = scheduledFor; tc.panic {
					panic("at the disco")
				}
				return tc.fails
			})
			var event platform.ScheduleEvent
			if err := json.Unmarshal([]byte(tc.event), &event); err != nil {
				t.Fatal(err)
			}
			err := handler(t.Context(), event)
			if asked != tc.asked {
				t.Errorf("asked for %s", asked)
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
