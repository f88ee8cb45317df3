package lambdatest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Template holds the resources of template.yaml. Short forms such as !Ref are written out, as in a JSON template.
type Template struct {
	Resources map[string]struct {
		Type       string
		Properties json.RawMessage
	}
}

// ReadTemplate reads template.yaml. The test must run two folders below it.
func ReadTemplate(t testing.TB) Template {
	t.Helper()
	source, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	template, err := parseTemplate(source)
	if err != nil {
		t.Fatalf("template.yaml: %v", err)
	}
	return template
}

func parseTemplate(source []byte) (Template, error) {
	var template Template
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		return template, err
	}
	if len(document.Content) == 0 {
		return template, nil
	}
	value, err := writtenOut(document.Content[0])
	if err != nil {
		return template, err
	}
	return template, convert(value, &template)
}

// writtenOut turns YAML into the values that encoding/json would read, with {"Fn::Sub": …} instead of !Sub ….
func writtenOut(node *yaml.Node) (any, error) {
	var value any
	switch node.Kind {
	case yaml.MappingNode:
		fields := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			field, err := writtenOut(node.Content[i+1])
			if err != nil {
				return nil, err
			}
			fields[node.Content[i].Value] = field
		}
		value = fields
	case yaml.SequenceNode:
		items := make([]any, len(node.Content))
		for i, item := range node.Content {
			var err error
			if items[i], err = writtenOut(item); err != nil {
				return nil, err
			}
		}
		value = items
	case yaml.ScalarNode:
		if short(node.Tag) {
			value = node.Value
		} else if err := node.Decode(&value); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("line %d: neither a mapping, a sequence nor a scalar", node.Line)
	}
	switch name := strings.TrimPrefix(node.Tag, "!"); {
	case !short(node.Tag):
		return value, nil
	case name == "Ref" || name == "Condition":
		return map[string]any{name: value}, nil
	case name == "GetAtt" && node.Kind == yaml.ScalarNode:
		resource, attribute, _ := strings.Cut(node.Value, ".")
		return map[string]any{"Fn::GetAtt": []any{resource, attribute}}, nil
	default:
		return map[string]any{"Fn::" + name: value}, nil
	}
}

// short tells CloudFormation's tags from YAML's own tags.
func short(tag string) bool { return strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") }

// convert reads a decoded value into a typed value. It fails if the type lacks a field for a part of the value.
func convert(value, into any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// strictly is json.Unmarshal that refuses fields which into does not have.
func strictly(raw json.RawMessage, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
