package lambdatest

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"
)

// declaration is a function as template.yaml declares it, as far as its rights depend on it. ARNs are written as in Fn::Sub.
type declaration struct {
	id        string // logical
	role      string // the ARN of its role
	queues    []string
	onFailure string          // the ARN of the queue for events that failed at every attempt; empty if there is none
	policies  json.RawMessage // the policies of a role that SAM would make
}

// functions returns the functions of the template by their logical ids.
func (template Template) functions(t testing.TB) []declaration {
	t.Helper()
	var functions []declaration
	for id, resource := range template.Resources {
		if resource.Type != "AWS::Serverless::Function" {
			continue
		}
		var properties struct {
			Role              text
			Policies          json.RawMessage
			EventInvokeConfig struct {
				DestinationConfig struct {
					OnFailure struct{ Destination text }
				}
			}
			Events map[string]struct{ Properties struct{ Queue text } }
		}
		if err := json.Unmarshal(resource.Properties, &properties); err != nil {
			t.Fatalf("template.yaml: %s: %v", id, err)
		}
		function := declaration{
			id: id, role: string(properties.Role), policies: properties.Policies,
			onFailure: string(properties.EventInvokeConfig.DestinationConfig.OnFailure.Destination),
		}
		for _, event := range properties.Events {
			if event.Properties.Queue != "" {
				function.queues = append(function.queues, string(event.Properties.Queue))
			}
		}
		functions = append(functions, function)
	}
	slices.SortFunc(functions, func(a, b declaration) int { return cmp.Compare(a.id, b.id) })
	return functions
}
