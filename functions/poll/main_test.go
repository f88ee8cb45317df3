package main_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/emftest"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// functions/connectors/together_test.go tests the effect of events/poll.json.
func TestTheBuiltFunction(t *testing.T) {
	bootstrap := lambdatest.Build(t, "PollFunction")

	t.Run("counts the poll of a stack without connectors as a success", func(t *testing.T) {
		cloud := awstest.Moto(t)
		table := awstest.CreateTable(t, dynamodb.NewFromConfig(cloud))
		asked := lambdatest.NewAWS(t, *cloud.BaseEndpoint)
		function := lambdatest.Start(t, bootstrap, append(asked.Environment(),
			"TABLE_NAME="+table, "QUEUE_URL=https://queue.invalid/", "STACK_NAME=copilot-connector-prod")...)
		function.Invoke([]byte(`{"time":"2026-11-22T06:00:00Z"}`))
		log := function.Stop()
		lines := emftest.Lines(t, log)
		if len(lines) != 1 || lines[0].Members["message"] != "queued" || lines[0].Members["requestId"] == nil || time.Since(lines[0].At) > time.Hour {
			t.Fatalf("logged %s", log)
		}
		want := map[string]float64{"ConnectorsQueued stack=copilot-connector-prod": 0, "SuccessfulPolls stack=copilot-connector-prod": 1}
		if diff := cmp.Diff(want, lines[0].Metrics); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
	})

	t.Run("fails on a schedule far ahead of the clock, so that the event is kept", func(t *testing.T) {
		function := lambdatest.Start(t, bootstrap, "TABLE_NAME=table", "QUEUE_URL=https://queue.invalid/")
		if reported := function.InvokeToFail([]byte(`{"time":"9999-12-31T23:59:59Z"}`)); !strings.Contains(reported, "more than 7 days ahead of the clock") {
			t.Errorf("reported %s", reported)
		}
		if log := function.Stop(); !strings.Contains(log, `"message":"schedule failed"`) || !strings.Contains(log, "schedule_too_far_off") {
			t.Errorf("logged %s", log)
		}
	})

	t.Run("fails on a schedule without a time, so that the event is not lost", func(t *testing.T) {
		function := lambdatest.Start(t, bootstrap, "TABLE_NAME=table", "QUEUE_URL=https://queue.invalid/")
		if reported := function.InvokeToFail([]byte(`{}`)); !strings.Contains(reported, "names no time") {
			t.Errorf("reported %s", reported)
		}
		if log := function.Stop(); !strings.Contains(log, `"message":"schedule failed"`) {
			t.Errorf("logged %s", log)
		}
	})

	t.Run("does not start without its settings, and names them all", func(t *testing.T) {
		exitCode, log := lambdatest.Start(t, bootstrap).Wait()
		if exitCode != 1 || !strings.Contains(log, "TABLE_NAME is not set") || !strings.Contains(log, "QUEUE_URL is not set") {
			t.Errorf("exited with %d:\n%s", exitCode, log)
		}
	})
}
