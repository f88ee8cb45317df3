package deployed_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// parameterSets are the parameters of the stacks that differ most.
var parameterSets = map[string]map[string]string{
	"by default": nil, "with everything": everything, "on a restored table": {"RestoredTable": "restored"},
	"with tokens encrypted by KMS": {"TokenVault": "Kms"}, "with tokens on the way to KMS": {"TokenVault": "Kms", "MoveTokensFrom": "SecretsManager"},
	"with a GitHub App whose key is in the secret": {
		"GitHubAppClientId": "Iv1", "GitHubAppSlug": "app", "GitHubAppSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-AbCdEf",
	},
	"with tokens that move back": {"MoveTokensFrom": "Kms", "KmsKeyArn": key},
}

// resources are the resources of the template for a set of parameters, by logical id. Resources that a condition leaves out are
// missing, and intrinsic functions are replaced by their values. A value that only a deployment knows stays as in Fn::Sub:
// ${Table.Arn}.
type resources map[string]struct {
	Type, DeletionPolicy, UpdateReplacePolicy string
	Properties                                json.RawMessage
}

// declared reads the template with the given parameters. All others have their defaults.
func declared(t *testing.T, parameters map[string]string) resources {
	t.Helper()
	var template struct {
		Parameters map[string]struct {
			Default        any
			AllowedPattern string
		}
		Conditions, Resources map[string]any
	}
	decode(t, translated(t), &template)
	e := evaluation{t: t, values: map[string]string{}, conditions: template.Conditions, left: map[string]bool{}}
	for name, parameter := range template.Parameters {
		value, given := parameters[name]
		if !given {
			value = fmt.Sprint(parameter.Default)
		}
		if pattern := parameter.AllowedPattern; pattern != "" && !regexp.MustCompile("^(?:"+pattern+")$").MatchString(value) {
			t.Errorf("the parameter %s may not be %q", name, value)
		}
		e.values[name] = value
	}
	for id, resource := range template.Resources {
		if condition, ok := resource.(map[string]any)["Condition"].(string); ok && !e.holds(condition) {
			delete(template.Resources, id)
			e.left[id] = true
		}
	}
	var result resources
	decode(t, encode(t, e.value(template.Resources)), &result)
	return result
}

// propertiesOf decodes the properties of the resources of one type.
func propertiesOf[Properties any](t *testing.T, from resources, kind string) map[string]Properties {
	t.Helper()
	found := map[string]Properties{}
	for id, resource := range from {
		if resource.Type == kind {
			var properties Properties
			decode(t, resource.Properties, &properties)
			found[id] = properties
		}
	}
	return found
}

// evaluation works out the intrinsic functions that the template uses.
type evaluation struct {
	t          *testing.T
	values     map[string]string // the values of the parameters
	conditions map[string]any
	left       map[string]bool // resources that a condition leaves out
}

// noValue stands for AWS::NoValue. A property with this value does not exist.
type noValue struct{}

func (e evaluation) holds(condition string) bool { return e.value(e.conditions[condition]) == true }

func (e evaluation) value(declared any) any {
	switch value := declared.(type) {
	case []any:
		items := make([]any, 0, len(value))
		for _, item := range value {
			if item = e.value(item); item != (noValue{}) {
				items = append(items, item)
			}
		}
		return items
	case map[string]any:
		fields := map[string]any{}
		for name, field := range value {
			if name == "Ref" || strings.HasPrefix(name, "Fn::") || name == "Condition" && len(value) == 1 {
				return e.call(name, field)
			}
			if field = e.value(field); field != (noValue{}) {
				fields[name] = field
			}
		}
		return fields
	}
	return declared
}

func (e evaluation) call(function string, argument any) any {
	if text, ok := argument.(string); ok {
		argument = []any{text, map[string]any{}}
	}
	switch with := argument.([]any); function {
	case "Ref":
		return e.ref(with[0].(string))
	case "Fn::GetAtt":
		return e.ref(with[0].(string) + "." + with[1].(string))
	case "Fn::Sub":
		return e.sub(with[0].(string), with[1].(map[string]any))
	case "Fn::If":
		if e.holds(with[0].(string)) {
			return e.value(with[1])
		}
		return e.value(with[2])
	case "Fn::Split":
		return strings.Split(e.value(with[1]).(string), with[0].(string))
	case "Fn::Equals":
		return e.value(with[0]) == e.value(with[1])
	case "Fn::Not":
		return e.value(with[0]) == false
	case "Fn::And":
		return !slices.ContainsFunc(with, func(part any) bool { return e.value(part) != true })
	case "Fn::Or":
		return slices.ContainsFunc(with, func(part any) bool { return e.value(part) == true })
	case "Condition":
		return e.holds(with[0].(string))
	}
	e.t.Fatalf("the intrinsic function %s is unknown to this test", function)
	return nil
}

func (e evaluation) ref(name string) any {
	if value, ok := e.values[name]; ok {
		return value
	}
	if name == "AWS::NoValue" {
		return noValue{}
	}
	if id, _, _ := strings.Cut(name, "."); e.left[id] {
		e.t.Errorf("%s is referenced, but does not exist", id)
	}
	return "${" + name + "}"
}

var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

func (e evaluation) sub(text string, own map[string]any) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := match[2 : len(match)-1]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			return "${" + literal + "}"
		}
		if value, ok := own[name]; ok {
			return fmt.Sprint(e.value(value))
		}
		return fmt.Sprint(e.ref(name))
	})
}
