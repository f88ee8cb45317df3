// Package deployed_test deploys template.yaml to moto and runs the built functions there. Their environment, their rights and the
// names of their resources are those that CloudFormation has made from the template. On linux/arm64, .ci/validate makes it run
// the files that sam build has made. On other machines the same sources are built with the same flags.
//
// Moto creates the table, the queues, the topic, the logs, the roles, the functions and their event source. It leaves out
// resources that its CloudFormation does not know: the schedules, the HTTP APIs, the alarms, the subscription to the topic, the
// destinations of failed invocations, and the table's time to live. The tests of these read the template itself, for
// the parameter sets that differ most.
package deployed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
)

const (
	template = "../../template.yaml"
	script   = "../../.ci/translate"

	codeBucket, codeKey = "code", "function.zip"
)

// translated returns the template as plain CloudFormation, which is what AWS first makes of it.
func translated(t *testing.T) []byte {
	t.Helper()
	python := awstest.Python(t)
	translation.Do(func() { translation.body, translation.err = translate(python) })
	if translation.err != nil {
		t.Fatal(translation.err)
	}
	return translation.body
}

var translation struct {
	sync.Once
	body []byte
	err  error
}

func translate(python string) ([]byte, error) {
	if _, err := os.Stat(script); err != nil { // go test then runs the test again when the script changes
		return nil, err
	}
	source, err := os.ReadFile(template)
	if err != nil {
		return nil, err
	}
	var out, problems bytes.Buffer
	run := exec.CommandContext(context.Background(), python, script, "s3://"+codeBucket+"/"+codeKey)
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(source), &out, &problems
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("translating %s: %w\n%s", template, err, problems.String())
	}
	return out.Bytes(), nil
}

// forMoto removes the content of the dashboard. It names alarms, which moto leaves out, and moto would refuse the reference.
func forMoto(t *testing.T, body []byte) string {
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
	return string(encode(t, whole))
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
