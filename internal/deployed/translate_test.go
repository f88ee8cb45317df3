// Package deployed_test deploys template.yaml to moto and runs the built functions in what that creates: their
// environment, their rights and the names of what they use are those that CloudFormation has made of the template.
//
// Of the template, moto creates the table, the queues, the topic, the logs, the roles, the functions and what hands them
// tasks. It leaves out what its CloudFormation does not know, such as the schedules, the HTTP APIs, the alarms, the
// subscription to the topic and what becomes of invocations that fail; and of the table, its time to live.
package deployed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"testing"
)

const (
	template  = "../../template.yaml"
	script    = "../../.ci/translate"
	python    = "../../.cache/venv/bin/python"
	installed = "../../.cache/venv/installed.txt" // is there when the rest of it is

	codeBucket, codeKey = "code", "function.zip"
)

// translated is the template as plain CloudFormation.
type translated struct {
	body      []byte
	resources map[string]struct {
		Type       string
		Properties json.RawMessage
	}
}

// translate is what AWS does first with a template of SAM. Where the tools for it are not, the test is skipped, or fails
// with CI=true.
func translate(t *testing.T) translated {
	t.Helper()
	switch _, err := os.Stat(installed); {
	case err == nil:
	case !errors.Is(err, fs.ErrNotExist):
		t.Fatal(err)
	case os.Getenv("CI") == "true":
		t.Fatal("the SAM translator is not here: make validate fetches it; it needs Python 3.11 or newer")
	default:
		t.Skip("the SAM translator is not here: make validate fetches it; it needs Python 3.11 or newer")
	}
	if _, err := os.Stat(script); err != nil { // go test is to notice when it changes
		t.Fatal(err)
	}
	source, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	run := exec.CommandContext(t.Context(), python, script, "s3://"+codeBucket+"/"+codeKey)
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(source), &out, &problems
	if err := run.Run(); err != nil {
		t.Fatalf("translating %s: %v\n%s", template, err, problems.String())
	}
	return forMoto(t, out.Bytes())
}

// forMoto takes out of the dashboard what it shows: it names alarms, and moto, which leaves those out, refuses that.
func forMoto(t *testing.T, body []byte) translated {
	t.Helper()
	var whole map[string]json.RawMessage
	var resources map[string]map[string]json.RawMessage
	decode(t, body, &whole)
	decode(t, whole["Resources"], &resources)
	for _, resource := range resources {
		if string(resource["Type"]) == `"AWS::CloudWatch::Dashboard"` {
			var properties map[string]any
			decode(t, resource["Properties"], &properties)
			properties["DashboardBody"] = "{}"
			resource["Properties"] = encode(t, properties)
		}
	}
	whole["Resources"] = encode(t, resources)
	result := translated{body: encode(t, whole)}
	decode(t, whole["Resources"], &result.resources)
	return result
}

func decode(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}

func encode(t *testing.T, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
