package deployed_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// statement is a statement of a role's policies, in which CloudFormation has filled in the names of the created resources.
type statement struct {
	Action, Resource oneOrMore
	Condition        map[string]map[string]oneOrMore
}

type oneOrMore []string

// UnmarshalJSON implements json.Unmarshaler.
func (s *oneOrMore) UnmarshalJSON(raw []byte) error {
	if raw[0] == '[' {
		return json.Unmarshal(raw, (*[]string)(s))
	}
	*s = make([]string, 1)
	return json.Unmarshal(raw, &(*s)[0])
}

// asPython makes JSON of moto's text, which is a Python literal. None stands for a statement that does not exist.
var asPython = strings.NewReplacer("'", `"`, "None", "null")

// allowedTo returns what the role of a function allows. internal/lambdatest proves that it allows no more than needed.
func (s *stack) allowedTo(function string) []statement {
	s.t.Helper()
	roles := iam.NewFromConfig(s.cloud)
	arn := aws.ToString(s.configuration(function).Role)
	role := arn[strings.LastIndexByte(arn, '/')+1:]
	policies, err := roles.ListRolePolicies(s.t.Context(), &iam.ListRolePoliciesInput{RoleName: &role})
	if err != nil {
		s.t.Fatal(err)
	}
	var statements []statement
	for _, name := range policies.PolicyNames {
		policy, err := roles.GetRolePolicy(s.t.Context(), &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
		if err != nil {
			s.t.Fatal(err)
		}
		document, err := url.QueryUnescape(aws.ToString(policy.PolicyDocument))
		if err != nil {
			s.t.Fatal(err)
		}
		var of struct{ Statement []statement }
		decode(s.t, []byte(asPython.Replace(document)), &of)
		statements = append(statements, of.Statement...)
	}
	return statements
}

// mayAll fails the test for every call that a function has made and that its role does not allow. Moto cannot do this: it checks
// rights, but for most services it does not know the resource of a call.
func mayAll(t *testing.T, function string, statements []statement, calls []lambdatest.Call) {
	t.Helper()
	for _, call := range calls {
		if !slices.ContainsFunc(statements, func(s statement) bool { return s.allows(call) }) {
			t.Errorf("the role of %s does not allow %+v", function, call)
		}
	}
}

func (s statement) allows(call lambdatest.Call) bool {
	for operator, conditions := range s.Condition {
		for name, values := range conditions {
			of, known := map[string]string{
				"ForAnyValue:StringEquals secretsmanager:VersionStage": call.VersionStage,
				"StringEquals kms:EncryptionContext:stack":             call.BoundTo,
			}[operator+" "+name]
			if !known || !slices.Contains(values, of) {
				return false
			}
		}
	}
	return slices.Contains(s.Action, call.Action) &&
		slices.ContainsFunc(s.Resource, func(pattern string) bool { return matches(pattern, call.Resource) })
}

// matches reports whether an ARN matches a pattern, which may have a * in it.
func matches(pattern, arn string) bool {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$").MatchString(arn)
}
