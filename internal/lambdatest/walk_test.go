package lambdatest_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// takes maps each function to the events that it accepts and their outcomes. It refuses all other events. The tests in
// functions/*/main_test.go check the content of the answers.
var takes = map[string]map[string]string{
	"collect":    {"collect.json": "done", "collect-partly.json": "1 failed"},
	"connectors": {"save.json": "201", "verify.json": "200"}, // both functions serve the whole API; the gateway's routes separate them
	"mint":       {"mint.json": "done"},
	"move":       {"move.json": "done"},
	"page":       {"page.json": "200"},
	"poll":       {"poll.json": "done", "remind.json": "done"}, // one schedule looks like another
	"remind":     {"remind.json": "done", "poll.json": "done"},
	"verify":     {"verify.json": "200"},
}

const canary = "ghp_CanarySingsInTheCoalMine0123456789ab"

// formless is JSON that every function can decode and no function can use.
var formless = map[string][]byte{
	"an empty object": []byte("{}"), "null": []byte("null"), "an event of others": []byte(`{"token":"` + canary + `"}`),
}

// undecodable is an event that never reaches a handler.
func undecodable() map[string][]byte {
	noise := make([]byte, 1<<20)
	source := rand.NewChaCha8([32]byte{})
	for i := range noise {
		noise[i] = "abcdefghijklmnopqrstuvwxyz{}[]:, "[source.Uint64()%33]
	}
	return map[string][]byte{
		"nothing": {}, "an empty list": []byte("[]"), "a number": []byte("1e99"), "a string": []byte(`"` + canary + `"`),
		"a megabyte of noise": noise, "a megabyte of noise as a string": strconv.AppendQuote(nil, string(noise)),
		"a cut object":              []byte(`{"Records":[{"body":"` + canary),
		"members of the wrong kind": []byte(`{"Records":"a","time":7,"rawPath":[],"body":{},"headers":"b"}`),
		"deep nesting":              bytes.Repeat([]byte("["), 100_000),
	}
}

func TestEachFunctionAcceptsItsEventsAndRefusesAllOthers(t *testing.T) {
	t.Parallel()
	files := filesOf(t, "../../events")
	functions := filesOf(t, "../../functions")
	var taken []string
	for name, own := range takes {
		taken = slices.AppendSeq(taken, maps.Keys(own))
		if _, err := os.Stat("../../functions/" + name); err != nil {
			t.Errorf("the table has %s, which is not a function", name)
		}
	}
	for _, file := range files {
		if !slices.Contains(taken, file) {
			t.Errorf("events/%s is for no function of the table", file)
		}
	}
	for _, name := range functions {
		own, known := takes[name]
		if !known || len(own) == 0 {
			t.Errorf("functions/%s has no event in the table", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if name == "move" {
				w.settings = append(w.settings, "FORMER_TOKEN_VAULT=Kms", "TOKEN_TABLE=tokens", "TOKEN_KEY_ARN=arn:key", "STACK_NAME=prod")
			}
			function := w.start(lambdatest.Build(t, logicalID(name)), "", "")
			refused := map[string]lambdatest.Answer{}
			for what, event := range formless {
				refused[what] = function.Send(event)
			}
			for _, file := range files {
				if _, ok := own[file]; !ok {
					refused[file] = function.Send(readEvent(t, file))
				}
			}
			reported := map[string]lambdatest.Answer{}
			for what, event := range undecodable() {
				reported[what] = function.Send(event)
			}
			for file, want := range own {
				if got := outcomeOf(t, name, function.Send(readEvent(t, file))); got != want {
					t.Errorf("%s: got %s, want %s", file, got, want)
				}
			}
			log := function.Stop()
			lines := logged(t, log)
			for what, answer := range refused {
				if outcome := outcomeOf(t, name, answer); outcome == "done" || strings.HasPrefix(outcome, "2") {
					t.Errorf("%s: got %s", what, outcome)
				}
				if told := lines[answer.RequestID]; !slices.ContainsFunc(told, logLine.refuses) {
					t.Errorf("%s: the log does not mention it: %+v", what, told)
				}
			}
			for what, answer := range reported {
				if !answer.Failed || !strings.Contains(log, string(answer.Payload)) { // aws-lambda-go logs the error that it reports
					t.Errorf("%s: got %s, which is not in the log", what, answer.Payload)
				}
			}
			if strings.Contains(log, canary) {
				t.Errorf("the log repeats the event:\n%.10000s", log)
			}
		})
	}
}

// outcomeOf returns the status of an HTTP answer, the number of failed messages, "done", or "error".
func outcomeOf(t *testing.T, function string, answer lambdatest.Answer) string {
	t.Helper()
	if answer.Failed {
		return "error"
	}
	switch function {
	case "connectors", "page", "verify":
		return strconv.Itoa(decode[events.APIGatewayV2HTTPResponse](t, answer.Payload).StatusCode)
	case "collect":
		if failed := len(decode[events.SQSEventResponse](t, answer.Payload).BatchItemFailures); failed > 0 {
			return fmt.Sprintf("%d failed", failed)
		}
	}
	return "done"
}

// logicalID returns a function's name in template.yaml.
func logicalID(name string) string { return strings.ToUpper(name[:1]) + name[1:] + "Function" }

func filesOf(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
