package main_test

import (
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// What it does with events/poll.json is told by functions/connectors/together_test.go.
func TestTheBuiltFunction(t *testing.T) {
	bootstrap := lambdatest.Build(t, "PollFunction")

	t.Run("fails over a schedule without a time, so that it is not lost", func(t *testing.T) {
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
